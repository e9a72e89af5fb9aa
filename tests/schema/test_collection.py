from __future__ import annotations

import gc
import weakref

import pytest

from sigcheck.planning.search import search
from sigcheck.schema.collection import collect_new, without_collection
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
