from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import pytest

from sigcheck.config.load import parse_config
from sigcheck.encodings.trace import traced
from sigcheck.planning.effort import OF_CALL, bounded_effort, spent
from sigcheck.project import check_links
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint
from sigcheck.reports import FORMATS
from sigcheck.reports.parts.page import Page
from sigcheck.schema.watcher import Watcher

WIDER = 'inputs.embedding = "float32[?, 1, 10]"'


@pytest.fixture
def many(project, monkeypatch):
    """A project of links that differ, of which a few are held at once."""
    monkeypatch.setattr(check_links, "_LINKS_AT_ONCE", 2)
    # TensorFlow may be loaded by other tests; the copies do not touch it.
    monkeypatch.setattr(check_links, "can_fork", lambda: sys.platform == "linux")
    config, models = [], {}
    for at in range(16):
        models[f"encoder{at}"] = f'outputs.embedding = "float32[?, {at + 2}]"'
        models[f"classifier{at}"] = f'inputs.embedding = "float32[?, {", ".join(["1"] * (at % 3))}, {at + 2}]"'.replace(
            "?, , ", "?, "
        )
        config += [f'[models.{name}{at}]\nsource = "{name}{at}.toml"\n' for name in ("encoder", "classifier")]
        config.append(f'[[links]]\nfrom = "encoder{at}"\nto = "classifier{at}"\n')
    return project("\n".join(config), encoder=None, classifier=None, **models)


def _told(result):
    return [FORMATS[name].render_lint(result, Page(is_verbose=True)) for name in ("json", "text")]


def test_several_processes_give_the_answer_of_one(many, monkeypatch):
    made = []
    forked = check_links.map_forked
    monkeypatch.setattr(check_links, "map_forked", lambda *a: made.append(a) or forked(*a))
    alone = lint(many, verify="typed", cache=Cache(None))
    assert made == []
    together = lint(many, verify="typed", cache=Cache(None), processes=2)
    assert len(made) == (sys.platform == "linux")
    assert _told(together) == _told(alone)
    by_name = {model.name: model for model in together.models}
    for link in together.links:
        assert link.check.producer is by_name[link.producer].side
        assert link.check.bindings[0].provided_spec is by_name[link.producer].signature.outputs[0].spec


def test_what_other_processes_asked_of_files_is_traced(many):
    """A kept answer would not notice a change of a file that only they looked at."""
    text = many.text
    for at in range(16):
        text = text.replace(f'to = "classifier{at}"\n', f'to = "classifier{at}"\nadapter = "adapter{at}.py"\n')
    asked = {}
    for processes in (1, 2):
        with traced() as trace:
            lint(parse_config(many.path, text), verify="typed", cache=Cache(None), processes=processes)
        assert trace.is_whole
        asked[processes] = (trace.kinds, trace.names, trace.places, trace.files)
    assert asked[2] == asked[1]
    assert {"adapter0.py", "adapter15.py"} <= {Path(path).name for path in asked[1][3]}


def test_what_was_planned_before_needs_no_process(many, monkeypatch, tmp_path):
    check = partial(lint, many, verify="typed", processes=2)
    first = _told(check(cache=Cache(tmp_path / "cache")))
    monkeypatch.setattr(check_links, "map_forked", None)
    assert _told(check(cache=Cache(tmp_path / "cache"))) == first


@pytest.mark.parametrize("most", [1, 30, 60, 90, OF_CALL])
def test_a_limit_ends_it_where_it_ends_one_process(many, most):
    def check(processes):
        with bounded_effort(most):
            return _told(lint(many, verify="typed", cache=Cache(None), processes=processes)), spent()

    assert check(2) == check(1)


def test_a_process_that_is_ended_leaves_its_links_to_this_one(many, monkeypatch):
    alone, own, plan = _told(lint(many, verify="typed", cache=Cache(None))), os.getpid(), check_links.plan_links

    def end(*arguments):
        if os.getpid() != own:
            os._exit(1)
        return plan(*arguments)

    monkeypatch.setattr(check_links, "plan_links", end)
    assert _told(lint(many, verify="typed", cache=Cache(None), processes=2)) == alone


class Counter(Watcher):
    """What was told: of each work its total and how much was done."""

    def __init__(self):
        self.works = []

    def begin(self, message, total, unit=""):
        self.works.append([message, total, 0])

    def advance(self, count=1):
        self.works[-1][2] += count


@pytest.mark.parametrize("processes", [1, 2])
def test_it_is_told_how_many_links_are_checked(many, processes):
    seen = Counter()
    lint(many, verify="typed", processes=processes, watcher=seen)
    assert seen.works == [["checking links", 16, 16]]
