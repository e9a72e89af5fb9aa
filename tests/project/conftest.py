"""Small projects of signature files, to be linted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sigcheck.config.load import load_config
from sigcheck.project.lint import lint
from tests.two_models import CONFIG

SAMPLE = Path(__file__).parents[2] / "fixtures" / "project"

# Two models that fit, in the notation of signature files.
MODELS = {
    "encoder": 'outputs.embedding = "float32[?, 10]"',
    "classifier": 'inputs.embedding = "float32[?, 10]"\noutputs.classes = "float32[?, 3]"',
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes a project into the working folder, and loads its config."""
    monkeypatch.chdir(tmp_path)

    def write(config=CONFIG, **models):
        for name, text in (MODELS | models).items():
            if text is not None:
                (tmp_path / f"{name}.toml").write_text(text)
        (tmp_path / "sigcheck.toml").write_text(config)
        return load_config(Path("sigcheck.toml"))

    return write


@pytest.fixture
def linted(project):
    """Writes a project and lints it: (exit code, findings as "line subject place level rule")."""

    def run(config=CONFIG, **models):
        return told(lint(project(config, **models), verify="typed"))

    return run


def told(result):
    """The exit code of a lint, and the findings that count; not the notes that nothing was declared of a value."""
    found = [
        f"{one.location.line} {one.subject}: {one.finding.place}: {one.finding.level} {one.finding.rule}"
        for one in result.active
        if (one.finding.level, one.finding.rule) != ("note", "unchecked_range")
    ]
    return result.exit_code, found


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """A copy of the sample project, as the working folder."""
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
