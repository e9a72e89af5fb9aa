"""The adapter was run, and did not do what its plan says.

## What it does
Reports each case in which the emitted adapter failed, or gave other values than the reference
of its steps.

## Why is this bad?
The adapter must not be used. Plans are tested against TensorFlow before a release, so this is
mostly a version of TensorFlow that behaves otherwise, and always worth a report.

## Example
    x: error[failed_proof]: batch of 0, values nan: InvalidArgumentError: ...

## What to do
Report it, with the two signatures as `sigcheck show --format json` prints them. Until then
`--deny` keeps the plan away from the step that failed.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.rule import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "failed_proof"
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each failed case of the verification."""
    if match.verification is None:
        return
    for failure in match.verification.failures:
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=failure.binding,
            message=f"{failure.case}: {failure.message}",
            help="do not use the adapter; report this with the output of sigcheck show --format json for both models",
        )
