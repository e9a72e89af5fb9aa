from __future__ import annotations

import os
import sys
from concurrent.futures.process import BrokenProcessPool

import pytest

from sigcheck.process.forked import can_fork, map_forked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


def test_results_come_in_their_order_from_other_processes():
    found = list(map_forked(lambda number: (number, os.getpid()), 20, (), 2))
    assert [number for number, _ in found] == list(range(20))
    assert os.getpid() not in {process for _, process in found}


def test_a_copy_knows_what_was_made_before_it_and_what_both_know_comes_back_as_it_is():
    known = ["a text", ("a", "tuple")]
    ((same, new),) = map_forked(lambda number: (known[number], [*known[1]]), 1, known, 2)
    assert same is known[0]
    assert new == ["a", "tuple"]


def test_what_the_work_raises_is_raised_here():
    def work(number):
        raise KeyError(number)

    with pytest.raises(KeyError):
        list(map_forked(work, 2, (), 2))


def test_a_process_that_is_ended_from_outside_is_told():
    with pytest.raises(BrokenProcessPool):
        list(map_forked(lambda number: os._exit(1), 2, (), 2))


def test_a_process_with_tensorflow_is_not_copied(monkeypatch):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert can_fork()
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    assert not can_fork()
