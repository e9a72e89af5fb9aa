"""What a tool answered to one question, how answers are counted, and arrays as the workers pass them on."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# right, wrong: what the answer makes of another batch, or of a picture. fails: it raises there, which nobody takes
# for a result. The others are no answer: several tie, nothing fits the example or leads there, time ran out, the
# process died.
Outcome = Literal["right", "wrong", "fails", "undecided", "no plan", "out of time", "crashed"]
SOLVED: tuple[Outcome, ...] = ("right", "wrong", "fails")

HEADER = (
    "| | asked | solved | right | wrong | CPU ms, median | no answer |\n| --- | --- | --- | --- | --- | --- | --- |"
)


class Answer(NamedTuple):
    """An outcome, the CPU seconds until it was known (None where nobody could say), and the answer in words."""

    outcome: Outcome
    seconds: float | None
    what: str


def row(name: str, answers: Sequence[Answer]) -> str:
    """A row of the table. The median is over all questions of known time, answered or not."""
    count = Counter(answer.outcome for answer in answers)
    times = [answer.seconds for answer in answers if answer.seconds is not None]
    median = f"{statistics.median(times) * 1000:.1f}" if times else "unknown"
    others = ", ".join(f"{count[outcome]} {outcome}" for outcome in sorted(count) if outcome not in SOLVED)
    solved = sum(count[outcome] for outcome in SOLVED)
    wrong = count["wrong"] + count["fails"]
    return f"| {name} | {len(answers)} | {solved} | {count['right']} | {wrong} | {median} | {others} |"


def write_array(array: Array) -> dict[str, Any]:
    """An array as JSON."""
    return {"dtype": str(array.dtype), "shape": list(array.shape), "values": array.ravel().tolist()}


def read_array(written: dict[str, Any]) -> Array:
    """An array from JSON."""
    return np.array(written["values"], dtype=written["dtype"]).reshape(written["shape"])


def equals(made: Array, wanted: Array) -> bool:
    """Whether two arrays have one dtype, one shape and, to the rounding of float32, the same values."""
    return (
        made.dtype == wanted.dtype
        and made.shape == wanted.shape
        and bool(np.allclose(made, wanted, rtol=1e-5, atol=1e-6, equal_nan=True))
    )
