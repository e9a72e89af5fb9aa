"""The adapter was not proved as far as it should be.

## What it does
Finds an adapter whose proof ended below the level that `--verify` or `--run-models` asked for,
which is an error; or below `executed` where no level was asked for. In a lint it also finds an
adapter file that says of itself that it was not executed, where the lint did not execute it
either.

## Why is this bad?
Types say that it fits. Only a run on tensors shows that it does what its steps say, and a proof
that did not take place must not look like one that passed.

## Example
    adapter: warning[unverified_adapter]: adapters/encoder_to_classifier.py was proved as typed only

## What to do
Install TensorFlow with `pip install 'sigcheck[tensorflow]'`, allow more time with `--timeout`,
or do what the reason says. For a file, run `sigcheck adapt --all` then.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Verification

NAME = "unverified_adapter"
ORDER = 380
LEVEL: Level = "warning"

_PLACE = "adapter"


def find(match: MatchView, /) -> Iterator[Finding]:
    """Yields one finding where the proof ended early. A failed proof speaks for itself."""
    proof = match.verification
    if proof is None or match.wanted is None or proof.failures or not _is_runnable(match):
        return
    if proof.reaches(match.wanted if match.is_wanted_by_name else "executed"):
        return
    yield Finding(
        rule=NAME,
        level=_level(match, proof),
        place=_PLACE,
        message=f"proved as {proof.level} only, expected {_expected(match)}: {proof.reason or 'no reason is known'}",
        help="do what the reason says, or ask for less with --verify",
    )


def _level(match: MatchView, proof: Verification) -> Level:
    """An error where the level was asked for; a note where it was not to be had here, without TensorFlow."""
    if match.is_wanted_by_name:
        return "error"
    return "note" if match.wanted is not None and proof.reaches(match.wanted) else LEVEL


def _expected(match: MatchView) -> str:
    return match.wanted if match.wanted is not None and match.is_wanted_by_name else "executed"


def _is_runnable(match: MatchView) -> bool:
    """Whether there is an adapter that does something; where models are run, one that passes values on will do."""
    plans = [binding.plan for binding in match.bindings]
    if not plans or None in plans or match.missing or match.ambiguous or match.unjoined:
        return False
    return match.wanted == "end_to_end" or any(binding.steps for binding in match.bindings)
