"""The config of a project: `sigcheck.toml`, or `[tool.sigcheck]` in `pyproject.toml`."""
