"""A dtype is not written in the file.

## What it does
Finds a binding of which one side has no dtype that could be read without running the model.

## Why is this bad?
Whether the two fit cannot be said, so it is not said: the verdict is undecided.

## Example
    x: error[unknown_dtype]: the dtype of the output is not known without running the model
      required  x: float32[?, 10]
      provided  output_0: unknown[*]

## What to do
Save what `sigcheck show --format json` prints, fill in the dtype and the shape, and use that
file as the source. Or pass the loaded model from Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "unknown_dtype"
ORDER = 60
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding with a dtype that is not known."""
    for course in match.courses:
        sides = [
            (course.provided, "output", match.producer),
            (course.required, "input", match.consumer),
        ]
        unknown = [(word, side) for spec, word, side in sides if spec.dtype is None]
        if unknown:
            words = " and the ".join(word for word, _ in unknown)
            show = f"sigcheck show {quote(unknown[0][1].source)} --format json"
            yield course.finding(
                NAME,
                LEVEL,
                f"the dtype of the {words} is not known without running the model",
                f"save `{show}`, fill in the dtype, and use that file as the source",
            )
