from __future__ import annotations

import pytest

from sigcheck.project import prove_links
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint
from sigcheck.schema.report import Failure, Verification
from sigcheck.schema.watcher import Watcher

from .conftest import CONFIG

WIDER = 'inputs.embedding = "float32[?, 1, 10]"'
PROVED = Verification(level="executed", cases=7)
FAILED = Verification(level="executed", cases=1, failures=(Failure(binding="x", case="c", message="m"),))
LATE = Verification(level="typed", reason="the time limit was used up")


@pytest.fixture
def runs(monkeypatch):
    """The numbers of jobs that were run, call by call; `runs.answer` is what each of them gives."""

    class Runs(list):
        answer = PROVED

        def verify(self, jobs, level, timeout, watcher):
            self.append(len(jobs))
            watcher.advance(len(jobs))
            return tuple(self.answer for _ in jobs)

    counted = Runs()
    monkeypatch.setattr(prove_links, "verify", counted.verify)
    return counted


def test_what_was_proved_is_not_run_again(project, tmp_path, runs):
    config = project(classifier=WIDER)
    for _ in range(2):
        result = lint(config, verify="executed", cache=Cache(tmp_path / "cache"))
        assert result.links[0].check.verification == PROVED
    assert runs == [1, 0]


def test_equal_jobs_run_once(project, runs):
    twice = f'{CONFIG}[[links]]\nname = "again"\nfrom = "encoder"\nto = "classifier"\n'
    result = lint(project(twice, classifier=WIDER), verify="executed")
    assert runs == [1]
    assert [link.check.verification for link in result.links] == [PROVED, PROVED]


@pytest.mark.parametrize("answer", [FAILED, LATE])
def test_what_failed_or_was_not_reached_is_run_again(project, tmp_path, runs, answer):
    runs.answer = answer
    config = project(classifier=WIDER)
    for _ in range(2):
        lint(config, verify="executed", cache=Cache(tmp_path / "cache"))
    assert runs == [1, 1]


def test_another_level_is_another_question(project, tmp_path, runs):
    config = project(classifier=WIDER)
    lint(config, verify="executed", cache=Cache(tmp_path / "cache"))
    lint(config, verify="traced", cache=Cache(tmp_path / "cache"))
    assert runs == [1, 1]


def test_a_broken_proof_is_run_again(project, tmp_path, runs):
    config = project(classifier=WIDER)
    lint(config, verify="executed", cache=Cache(tmp_path / "cache"))
    (entry,) = (tmp_path / "cache" / "proofs").glob("*/*")
    entry.write_text('{"level": "proved"}')
    lint(config, verify="executed", cache=Cache(tmp_path / "cache"))
    assert runs == [1, 1]


def test_who_watches_is_told_each_adapter(project, tmp_path, runs):
    told = []

    class Telling(Watcher):
        def begin(self, message, total, unit=""):
            told.append((message, total, unit))

        def advance(self, count=1):
            told.append(count)

    lint(project(classifier=WIDER), verify="executed", cache=Cache(tmp_path / "cache"), watcher=Telling())
    assert told[-2:] == [("proving adapters", 1, "adapters"), 1]
