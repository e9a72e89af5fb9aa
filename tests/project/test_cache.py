from __future__ import annotations

import json
import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from sigcheck.project.cache import Cache, key_of
from sigcheck.project.cache_table import CacheTable
from sigcheck.project.lint import lint

from .conftest import CONFIG

WIDER = 'inputs.embedding = "float32[?, 1, 10]"'


def plans(folder):
    """The plans that a cache keeps, by their keys."""
    with closing(sqlite3.connect(folder / "plans.sqlite")) as store:
        return dict(store.execute("SELECT key, value FROM kept"))


def put_plan(folder, key, content):
    table = CacheTable(folder / "plans.sqlite")
    table.put(key, content)
    table.write()


def make_older(folder, key):
    with closing(sqlite3.connect(folder / "plans.sqlite")) as store, store:
        assert store.execute("UPDATE kept SET at = 0 WHERE key = ?", (key,)).rowcount == 1


def test_what_was_put_is_found_by_another_run(tmp_path):
    for kind in ("plans", "proofs"):
        cache = Cache(tmp_path)
        assert Cache(tmp_path).get(kind, key_of("question")) is None
        cache.put(kind, key_of("question"), {"answer": [1, 2]})
        cache.write()
        assert Cache(tmp_path).get(kind, key_of("question")) == {"answer": [1, 2]}
    assert Cache(tmp_path).get("plans", key_of("another")) is None


def test_of_many_answers_the_first_are_not_kept_at_hand(tmp_path):
    for cache in (Cache(None), Cache(tmp_path)):
        for at in range(1_200):
            cache.put("plans", f"key{at}", at)
        assert cache.get("plans", "key1199") == 1199
        cache.write()
        assert cache.get("plans", "key1199") == 1199
    assert Cache(tmp_path).get("plans", "key0") == 0


def test_without_a_folder_it_holds_for_one_run():
    cache = Cache(None)
    cache.put("plans", "k", 1)
    assert cache.get("plans", "k") == 1
    assert Cache(None).get("plans", "k") is None


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 200_000, b"0" * (8 * 2**20 + 2)])
def test_a_broken_entry_counts_as_none(tmp_path, content):
    cache = Cache(tmp_path)
    cache.put("proofs", "abcdef", 1)
    (tmp_path / "proofs" / "ab" / "cdef").write_bytes(content)
    assert Cache(tmp_path).get("proofs", "abcdef") is None
    put_plan(tmp_path, "abcdef", content)
    assert Cache(tmp_path).get("plans", "abcdef") is None


@pytest.mark.parametrize("kind", ["plans", "proofs"])
def test_a_folder_that_cannot_be_made_is_no_error(tmp_path, kind):
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file")
    cache.put(kind, "abcdef", 1)
    cache.write()
    cache.prune()
    assert Cache(tmp_path / "file").get(kind, "abcdef") is None


@pytest.mark.parametrize("kind", ["plans", "proofs"])
def test_a_folder_that_nobody_may_look_into_is_no_error(tmp_path, monkeypatch, kind):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    for name in ("stat", "mkdir"):
        monkeypatch.setattr(Path, name, refused)
    cache = Cache(tmp_path / "locked" / "folder")
    cache.put(kind, "abcdef", 1)
    cache.write()
    cache.prune()
    assert Cache(tmp_path / "locked" / "folder").get(kind, "abcdef") is None


def test_runs_beside_each_other_see_whole_entries_only(tmp_path):
    value = {"text": "x" * 100_000}
    problems = []

    def work():
        for _ in range(20):
            Cache(tmp_path).put("proofs", "abcdef", value)
            if Cache(tmp_path).get("proofs", "abcdef") != value:
                problems.append("half an entry")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert [path.name for path in (tmp_path / "proofs" / "ab").iterdir()] == ["cdef"]


def test_old_entries_are_deleted(tmp_path):
    cache = Cache(tmp_path)
    cache.put("proofs", "aaold", 1)
    cache.put("proofs", "aanew", 1)
    put_plan(tmp_path, "old", b"1")
    make_older(tmp_path, "old")
    put_plan(tmp_path, "new", b"1")
    os.utime(tmp_path / "proofs" / "aa" / "old", (0, 0))
    cache.prune()
    assert [path.name for path in (tmp_path / "proofs" / "aa").iterdir()] == ["new"]
    assert [*plans(tmp_path)] == ["new"]
    os.utime(tmp_path / "proofs" / "aa" / "new", (0, 0))
    make_older(tmp_path, "new")
    cache.prune()
    assert (tmp_path / "proofs" / "aa" / "new").exists()
    assert [*plans(tmp_path)] == ["new"]


def test_a_lint_from_the_cache_says_the_same(project, tmp_path, monkeypatch):
    config = project(CONFIG, classifier=WIDER)
    folder = tmp_path / "cache"
    cold = lint(config, verify="typed", cache=Cache(folder))

    def fail(*_):
        raise AssertionError("it was planned again")

    monkeypatch.setattr("sigcheck.project.plan_links.feed", fail)
    assert lint(config, verify="typed", cache=Cache(folder)).model_dump_json() == cold.model_dump_json()


@pytest.mark.parametrize("spoil", [{"bindings": 3}, {"bindings": [{"provided": "other"}]}, [], "text"])
def test_a_lint_plans_again_what_the_cache_has_wrong(project, tmp_path, spoil):
    config = project(CONFIG, classifier=WIDER)
    folder = tmp_path / "cache"
    first = lint(config, verify="typed", cache=Cache(folder))
    ((key, kept),) = plans(folder).items()
    put_plan(folder, key, json.dumps(spoil).encode())
    assert lint(config, verify="typed", cache=Cache(folder)) == first
    assert plans(folder) == {key: kept}


def test_other_specs_names_and_policies_are_other_questions(project, tmp_path):
    folder = tmp_path / "cache"
    for config, classifier in (
        (CONFIG, WIDER),
        (CONFIG, 'inputs.embedding = "float32[?, 10, 1]"'),
        (CONFIG, 'inputs.other = "float32[?, 1, 10]"'),
        (f'{CONFIG}policy = {{ loss = "exact" }}\n', WIDER),
    ):
        lint(project(config, classifier=classifier), verify="typed", cache=Cache(folder))
    assert len(plans(folder)) == 4


def test_what_is_joined_comes_back_from_the_cache_as_it_was_planned():
    from sigcheck.planning.matching import feed
    from sigcheck.project.kept_match import keep, restore
    from sigcheck.schema.notation import parse_spec
    from sigcheck.schema.signature import Endpoint

    given = {"a": "float64[?, 3]", "b": "float32[?, 5]", "c": "float32[?, 2]", "d": "float32[?, 2]"}
    given |= {"e": "ragged int32[?, None]", "f": "ragged int32[?, None]"}
    outputs, inputs = (
        tuple(Endpoint(name=name, spec=parse_spec(text)) for name, text in side.items())
        for side in (given, {"x": "float32[?, 8]", "y": "float32[?, 2, 2]", "z": "int32[?, 9]"})
    )
    match = feed(outputs, inputs, {"a": "x", "b": "x", "c": "y", "d": "y", "e": "z", "f": "z"})
    assert [bool(one.cure) for one in match.unjoined] == [False, True]
    kept = restore(json.loads(json.dumps(keep(match))), outputs, inputs)
    assert kept.unjoined == match.unjoined
    assert [one.model_dump() for one in kept.bindings] == [one.model_dump() for one in match.bindings]


def test_what_of_a_batch_is_guarded_or_open_comes_back_from_the_cache():
    from sigcheck.planning.matching import feed
    from sigcheck.project.kept_match import keep, restore
    from sigcheck.schema.notation import parse_spec
    from sigcheck.schema.signature import Endpoint

    inputs = tuple(Endpoint(name=name, spec=parse_spec("float32[?, 4]")) for name in "ab")
    for sizes in (("1", "?"), ("8", "?")):
        outputs = tuple(
            Endpoint(name=name, spec=parse_spec(f"float32[{size}, 4]")) for name, size in zip("ab", sizes, strict=True)
        )
        match = feed(outputs, inputs)
        assert match.unshared
        found = restore(json.loads(json.dumps(keep(match))), outputs, inputs).unshared
        assert [(*one[:4], str(one[4])) for one in found] == [(*one[:4], str(one[4])) for one in match.unshared]


def test_rows_that_lie_elsewhere_come_back_from_the_cache():
    from sigcheck import Policy
    from sigcheck.planning.declaration import declare
    from sigcheck.planning.matching import feed
    from sigcheck.project.kept_match import keep, restore
    from sigcheck.schema.notation import parse_spec
    from sigcheck.schema.signature import Endpoint

    outputs, inputs = (
        tuple(Endpoint(name=name, spec=parse_spec(f"int32[?, {size}]")) for name in ("ids", "mask")) for size in (4, 6)
    )
    inputs = declare(inputs, "consumer", {"ids": {"padding": {"value": 9, "side": "pre"}}})
    match = feed(outputs, inputs, policy=Policy(pad_value=0))
    assert match.misplaced
    assert restore(json.loads(json.dumps(keep(match))), outputs, inputs).misplaced == match.misplaced


def test_what_fills_rows_comes_back_from_the_cache_though_json_has_no_number_for_it():
    from sigcheck.adapters.pieces import pieces
    from sigcheck.planning.declaration import declare
    from sigcheck.planning.matching import feed
    from sigcheck.project.kept_match import keep, restore
    from sigcheck.schema.notation import parse_spec
    from sigcheck.schema.signature import Endpoint

    (outputs, inputs) = (
        declare((Endpoint(name="x", spec=parse_spec("float32[?, 9]")),), side, {"x": {"padding": {"value": value}}})
        for side, value in (("producer", "nan"), ("consumer", 0))
    )
    match = feed(outputs, inputs)
    found = restore(json.loads(json.dumps(keep(match))), outputs, inputs)
    (before,), (after,) = match.bindings, found.bindings
    assert "nan" in str(before.steps[0])
    told = [[str(one) for one in pieces(binding.provided_spec, binding.plan.steps)] for binding in (before, after)]
    assert told[0] == told[1]
