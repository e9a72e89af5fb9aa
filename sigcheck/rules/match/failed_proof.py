"""What was run did not do what its plan or its signature says.

## What it does
Reports each case in which the adapter failed, or gave other values than the reference of its
steps; with `--run-models` also each in which a model failed, or gave what its signature does
not say. The smallest tensors on which an adapter fails are told with it.

## Why is this bad?
The adapter must not be used. Plans are tested against TensorFlow before a release, so a failure
of the adapter is mostly a version of TensorFlow that behaves otherwise, and always worth a
report. A failure of a model is one that its users would see.

## Example
    x: error[failed_proof]: batch of 0, values nan: InvalidArgumentError: ...

## What to do
Where the adapter failed, report it, with the two signatures as `sigcheck show --format json`
prints them; until then `--deny` keeps the plan away from the step that failed. Where a model
failed, run it on such tensors, and export it again with a signature that says what it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "failed_proof"
ORDER = 370
LEVEL: Level = "error"


_HELP = {
    "adapter": ("do not use the adapter; report this with the output of sigcheck show --format json for both models"),
    "producer": "run it by itself on such an input; export it again so that its signature says what it does",
    "consumer": "feed it such a tensor by itself; export it again so that its signature says what it takes",
}


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each failed case of the verification."""
    if match.verification is None:
        return
    for failure in match.verification.failures:
        example = failure.counterexample
        tensors = "" if example is None else ", ".join(f"{name} = {text}" for name, text in example.tensors.items())
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=failure.binding,
            message=f"{failure.case}: {failure.message}{f'; smallest: {tensors}' if tensors else ''}",
            help=_HELP[failure.subject],
        )
