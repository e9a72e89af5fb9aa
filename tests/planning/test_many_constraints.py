"""What is demanded in hundreds of ways is judged in bounded time."""

from __future__ import annotations

import time

import pytest

from sigcheck import api
from sigcheck.schema.errors import SourceError
from tests.planning.sized_files import check_sizes, tensor, written

TAKEN = [tensor("x", "float32", "batch", "t")]
# In seconds of processor time: some thirty times what it takes.
MOST = 40


@pytest.mark.parametrize("size", [30, None, "7*n"])
def test_hundreds_of_constraints_take_seconds(tmp_path, size):
    start = time.process_time()
    report = check_sizes(
        tmp_path, [tensor("x", "float32", None, size)], TAKEN, [f"t % {k} != 0" for k in range(2, 500)]
    )
    assert report.verdict == ("fits" if size is None else "blocked")
    assert time.process_time() - start < MOST


def test_more_are_refused(tmp_path):
    consumer = written(tmp_path, "consumer", inputs=TAKEN, constraints=[f"t >= {k}" for k in range(501)])
    with pytest.raises(SourceError, match="constraints"):
        api.read(consumer)
