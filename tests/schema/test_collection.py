from __future__ import annotations

import ast
import gc
import weakref
from pathlib import Path

import pytest

import sigcheck
from sigcheck.planning.search import search
from sigcheck.schema.collection import MOST_REMEMBERED, collect_new, without_collection
from sigcheck.schema.notation import parse_spec


@pytest.fixture(params=[True, False])
def is_collecting(request):
    was_enabled = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if was_enabled else gc.disable)()


def test_the_collector_is_left_as_it_was(is_collecting):
    with without_collection():
        assert not gc.isenabled()
    assert gc.isenabled() is is_collecting
    with pytest.raises(ZeroDivisionError), without_collection():
        raise ZeroDivisionError
    assert gc.isenabled() is is_collecting


def test_nothing_is_collected_in_the_midst_of_a_search():
    provided, required = parse_spec("float32[8, 4, 6]"), parse_spec("float32[?, 2, 2, 3, 2, 9]")
    search(provided, required)  # what is loaded by the first search has its own objects
    seen = []

    def note(phase, _):
        seen.append((phase, gc.isenabled()))

    gc.callbacks.append(note)
    try:
        search(provided, required)
    finally:
        gc.callbacks.remove(note)
    assert [one for one in seen if not one[1]] == []


def test_what_lies_in_circles_is_freed_and_what_is_kept_stays():
    class Node:
        pass

    with without_collection():
        lost, kept = Node(), Node()
        lost.itself, kept.itself = lost, kept
        seen = weakref.ref(lost), weakref.ref(kept)
        del lost
        collect_new()
        assert [one() is None for one in seen] == [True, False]


def sizes_of_caches():
    """The `maxsize` of each cache that searches fill, as it is written."""
    root = Path(sigcheck.__file__).parent
    for path in (one for room in ("planning", "schema", "transforms") for one in (root / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "lru_cache":
                for word in node.keywords:
                    if word.arg == "maxsize":
                        yield path.name, ast.unparse(word.value)


def test_no_cache_keeps_more_than_a_collection_can_walk_through():
    """Four thousand entries of each made the largest pause of a search, longer than the slowest search."""
    found = list(sizes_of_caches())
    assert len(found) > 20
    assert [one for one in found if one[1].isdigit() and int(one[1]) > MOST_REMEMBERED] == []
