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


def test_what_steps_leave_of_sizes_is_known_from_the_cache_too(tmp_path, monkeypatch):
    """Two inputs of one batch, one of which is cast and one of which gets an axis: their batches are held together."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "encoder.toml").write_text(
        'outputs.a = "float32[rows, 4]"\noutputs.b = "float32[columns, 4]"\noutputs.c = "float32[6, 4]"\n'
    )
    (tmp_path / "classifier.toml").write_text(
        'inputs.a = "float64[batch, 4]"\ninputs.b = "float32[batch, 1, 4]"\ninputs.c = "float32[6, 1, 4]"\n'
    )
    (tmp_path / "sigcheck.toml").write_text(CONFIG)
    config, cache = load_config(tmp_path / "sigcheck.toml"), Cache(tmp_path / "kept")
    cold, warm = (lint(config, verify="typed", cache=cache).links[0].check for _ in range(2))
    assert cold.verdict == "guarded"
    assert cold == warm


# What makes odd lengths, what keeps them, and what takes even ones.
PIPELINE = {
    "odd": 'inputs.photo = "float32[batch, n, 3]"\noutputs.image = "float32[batch, 2*n + 1, 3]"\n',
    "kept": 'inputs.image = "float32[batch, height, 3]"\noutputs.image = "float32[batch, height, 3]"\n',
    "even": 'inputs.image = "float32[batch, rows, 3]"\nconstraints = ["rows % 2 == 0"]\n',
}
LINKS = """
[[links]]
from = "odd"
to = "kept"

[[links]]
from = "kept"
to = "even"
"""
CHAIN = '[[chains]]\nmodels = ["odd", "kept", "even"]\n'


def pipeline(folder, monkeypatch, config, **models):
    monkeypatch.chdir(folder)
    written = ""
    for name, text in (PIPELINE | models).items():
        (folder / f"{name}.toml").write_text(text)
        written += f'[models.{name}]\nsource = "{name}.toml"\n'
    (folder / "sigcheck.toml").write_text(written + config)
    return lint(load_config(folder / "sigcheck.toml"), verify="typed")


def of_sizes(result):
    return [(one.subject, one.finding.level) for one in result.findings if one.finding.rule == "size_constraint"]


@pytest.mark.parametrize("config", [CHAIN, LINKS + CHAIN, CHAIN + LINKS])
def test_a_constraint_that_no_input_of_a_chain_can_meet_is_an_error_where_it_dies(tmp_path, monkeypatch, config):
    result = pipeline(tmp_path, monkeypatch, config)
    assert of_sizes(result) == [("kept -> even", "error")]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "config",
    [
        LINKS,
        # Of a model that begins a chain nobody says that another one feeds it.
        CHAIN + '[[chains]]\nmodels = ["kept", "even"]\n',
    ],
)
def test_a_model_that_may_be_fed_by_others_is_judged_by_itself(tmp_path, monkeypatch, config):
    assert of_sizes(pipeline(tmp_path, monkeypatch, config)) == []


def test_a_chain_tells_which_sizes_its_first_model_may_be_fed(tmp_path, monkeypatch):
    halving = PIPELINE["odd"].replace("2*n + 1", "n // 2")
    result = pipeline(tmp_path, monkeypatch, CHAIN, odd=halving)
    assert [line for line in result.links[1].check.unchecked if "rows % 2" in line] == [
        "rows % 2 == 0 of image: where the producer is fed n % 4 == 0 or n % 4 == 1"
    ]


def test_a_circle_of_models_is_judged_at_once(tmp_path, monkeypatch):
    result = pipeline(tmp_path, monkeypatch, '[[chains]]\nmodels = ["kept", "kept", "kept"]\n')
    assert of_sizes(result) == []


def test_sizes_of_a_model_before_the_producer_are_none_of_its_own(tmp_path, monkeypatch):
    """Both speak of an `n`, which need not be the same: nothing is claimed of it."""
    first = 'inputs.p = "float32[batch, n, 3]"\noutputs.long = "float32[batch, 2*n, 3]"\n'
    second = 'inputs.q = "float32[batch, n, 3]"\noutputs.short = "float32[batch, 2*n, 3]"\n'
    third = 'inputs.one = "float32[batch, t, 3]"\ninputs.other = "float32[batch, t, 3]"\n'
    links = LINKS.replace('to = "even"', 'to = "even"\nbind = { "odd.long" = "one", short = "other" }')
    links = links.replace('to = "kept"', 'to = "kept"\nbind = { long = "q" }')
    result = pipeline(tmp_path, monkeypatch, links, odd=first, kept=second, even=third)
    (link,) = (one for one in result.links if one.name == "kept -> even")
    assert link.check.verdict == "fits"
    assert "axis 1 of one == axis 1 of other: open on both sides" in link.check.unchecked
