"""A lint that is asked again says the same, at once where nothing changed, and anew where anything did."""

from __future__ import annotations

import pytest

from sigcheck.encodings import unchanged
from sigcheck.project import lint
from sigcheck.schema.report import Failure, Verification
from tests import two_models

MODELS = {"encoder": 'outputs.y = "float32[?, 10]"', "classifier": 'inputs.x = "float32[?, 1, 10]"'}
LINT = ("lint", "--verify", "typed")


@pytest.fixture
def project(tmp_path, monkeypatch, sigcheck):
    """A locked project with its adapter, as the working folder, whose files count as old."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(unchanged, "_COARSE", -(10**18))
    for name, text in MODELS.items():
        (tmp_path / f"{name}.toml").write_text(text)
    (tmp_path / "sigcheck.toml").write_text(f'{two_models.CONFIG}adapter = "adapters/a.py"\n')
    assert sigcheck("lock", "--quiet")[0] == 0
    assert sigcheck("adapt", "--all", "--verify", "typed", "--quiet")[0] == 0
    return tmp_path


@pytest.fixture
def linted(monkeypatch):
    """The configs that were linted, one for each time."""
    made, check = [], lint.lint
    monkeypatch.setattr(lint, "lint", lambda config, **more: made.append(config) or check(config, **more))
    return made


@pytest.mark.parametrize("more", [(), ("-q",), ("-v",), ("--format", "json"), ("--statistics",)], ids=str)
def test_what_did_not_change_is_said_again(project, sigcheck, linted, more):
    first = sigcheck(*LINT, *more)
    assert (sigcheck(*LINT, *more), len(linted)) == (first, 1)
    assert sigcheck(*LINT, *more, "--no-cache") == first


def test_what_was_left_out_is_told_again(project, sigcheck, linted):
    told = [sigcheck(*LINT, "--select", "stale_adapter") for _ in range(2)]
    assert told[0] == told[1]
    assert "left out" in told[0][2]
    assert len(linted) == 1


@pytest.mark.parametrize("timeout", ["nan", "inf"])
def test_a_time_limit_that_is_none_is_refused_of_a_kept_lint_too(project, sigcheck, timeout):
    sigcheck(*LINT)
    kept = sigcheck(*LINT, "--timeout", timeout)
    assert kept == sigcheck(*LINT, "--timeout", timeout, "--no-cache")
    assert kept[0] == 2


PROOFS = {
    "proved": (Verification(level="executed", cases=1), 1),
    "ended early": (Verification(level="typed", reason="the time limit of 1 s was used up"), 2),
    "failed": (Verification(level="traced", failures=(Failure(binding="x", case="one", message="other"),)), 2),
}


@pytest.mark.parametrize(("proof", "times"), PROOFS.values(), ids=PROOFS)
def test_what_was_not_proved_to_the_end_is_tried_again(project, sigcheck, linted, monkeypatch, proof, times):
    monkeypatch.setattr("sigcheck.project.prove_links.verify", lambda jobs, *_, **__: [proof] * len(jobs))
    for _ in range(2):
        # Whether it is told or not.
        sigcheck("lint", "--verify", "executed", "--ignore", "unverified_adapter")
    assert len(linted) == times


CHANGES = {
    "the config": lambda at: (at / "sigcheck.toml").write_text(
        (at / "sigcheck.toml").read_text() + '[rules]\nlayout_mismatch = "error"\nrank_mismatch = "error"\n'
    ),
    "a model": lambda at: (at / "classifier.toml").write_text('inputs.x = "float32[?, 10, 1]"'),
    "a model that is gone": lambda at: (at / "encoder.toml").unlink(),
    "an adapter": lambda at: (at / "adapters" / "a.py").write_text("import tensorflow as tf\n"),
    "an adapter that is gone": lambda at: (at / "adapters" / "a.py").unlink(),
    "the lock": lambda at: (at / "sigcheck.lock").write_text(
        (at / "sigcheck.lock").read_text().replace("[?, 10]", "[?, 11]")
    ),
    "a lock that is gone": lambda at: (at / "sigcheck.lock").unlink(),
    "a folder in the place of a link": lambda at: (
        (at / "models").mkdir(),
        (at / "encoder.toml").rename(at / "models" / "encoder.toml"),
        (at / "encoder.toml").symlink_to("/nowhere"),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changed_is_checked_anew(project, sigcheck, linted, change):
    sigcheck(*LINT, "-v")
    change(project)
    after = sigcheck(*LINT, "-v")
    assert len(linted) == 2
    assert after == sigcheck(*LINT, "-v", "--no-cache")


WRITING = (("--output", "json=a.json"), ("--html", "a.html"), ("--format", "html"), ("--no-cache",), ("--fix",))


@pytest.mark.parametrize("more", WRITING, ids=str)
def test_what_writes_or_may_hold_a_program_is_made_anew(project, sigcheck, linted, more):
    first = sigcheck(*LINT, *more)
    before = len(linted)
    assert sigcheck(*LINT, *more)[:2] == first[:2]
    assert len(linted) == 2 * before


def test_a_baseline_is_part_of_the_question(project, sigcheck, linted):
    config = project / "sigcheck.toml"
    config.write_text(config.read_text() + '[rules]\nrank_mismatch = "error"\n')
    (project / "adapters" / "a.py").unlink()
    sigcheck(*LINT, "--baseline", "b.json", "--accept")
    with_baseline = [sigcheck(*LINT, "--baseline", "b.json") for _ in range(2)]
    assert with_baseline[0][0] == 0
    assert with_baseline[0] == with_baseline[1]
    assert sigcheck(*LINT)[0] == 1
    assert len(linted) == 3


def test_a_model_that_is_remote_or_loaded_is_asked_again(project, sigcheck, linted):
    config = project / "sigcheck.toml"
    config.write_text(config.read_text().replace('source = "encoder.toml"', 'source = "encoder.toml"\nload = true'))
    for _ in range(2):
        sigcheck(*LINT)
    assert len(linted) == 2


def test_what_could_not_be_checked_is_looked_at_again(project, sigcheck, linted):
    (project / "classifier.toml").write_text("inputs = 3")
    assert [sigcheck(*LINT)[0] for _ in range(2)] == [2, 2]
    assert len(linted) == 2
