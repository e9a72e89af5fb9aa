"""Links between models whose sizes have names: a lint finds what a check does, from its cache too."""

from __future__ import annotations

import pytest

from sigcheck.config.load import load_config
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint
from tests.project.conftest import CONFIG

UNET = """
inputs.image = "float32[batch, height, 3]"
outputs.mask = "float32[batch, height, 1]"
constraints = ["height % 4 == 0"]
"""


def project(folder, monkeypatch, given, *, policy=""):
    monkeypatch.chdir(folder)
    (folder / "encoder.toml").write_text(f'outputs.image = "{given}"\n')
    (folder / "classifier.toml").write_text(UNET)
    (folder / "sigcheck.toml").write_text(CONFIG + policy)
    return load_config(folder / "sigcheck.toml")


def _fail(*_):
    raise AssertionError("it was planned again")


@pytest.mark.parametrize(
    ("given", "policy", "verdict", "levels"),
    [
        ("float32[?, 32, 3]", "", "fits", []),
        ("float32[?, 30, 3]", "", "undecided", ["warning"]),
        ("float32[?, 30, 3]", "policy = { pad_value = 0 }\n", "adapts", ["warning"]),
        ("float32[?, 30, 3]", 'policy = { deny = ["pad"] }\n', "blocked", ["error"]),
        ("float64[?, ?, 3]", "", "guarded", []),
    ],
)
def test_a_lint_says_what_a_check_says(tmp_path, monkeypatch, given, policy, verdict, levels):
    config, cache = project(tmp_path, monkeypatch, given, policy=policy), Cache(tmp_path / "kept")
    # The second answer is made from what the first one kept.
    for _ in range(2):
        result = lint(config, verify="typed", cache=cache)
        monkeypatch.setattr("sigcheck.project.plan_links.feed", _fail)
        (link,) = result.links
        assert link.verdict == verdict
        assert [one.finding.level for one in result.findings if one.finding.rule == "size_constraint"] == levels
    if verdict == "guarded":
        assert [one.holds for one in link.check.bindings[0].asserts] == ["height % 4 == 0"]
