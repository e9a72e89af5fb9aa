"""Another signature of one of the models would do.

## What it does
Tries the other signatures of either model where the one that is meant is blocked.

## Why is this bad?
A model that was exported for serving often takes serialized examples or pictures by default, and the tensors
themselves under another key. Nobody reads all keys of a model.

## Example
    clf#predict_raw: note[another_signature]: fits, where clf#serving_default is blocked
      help      name it: clf#predict_raw in place of clf

## What to do
Name the signature, if it does what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level

NAME = "another_signature"
ORDER = 400
LEVEL: Level = "note"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each signature that would do."""
    for one in match.elsewhere:
        place = one.source.rpartition("#")[0]
        side = match.producer if match.producer.source.partition("#")[0] == place else match.consumer
        said = "needs an adapter" if one.verdict != "fits" else "fits"
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=one.source,
            message=f"{said}, where the signature {side.key} is blocked",
            help=f"name it: {one.source} in place of {side.source}",
        )
