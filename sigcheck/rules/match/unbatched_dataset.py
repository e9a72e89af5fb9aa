"""Elements of a dataset are single examples, and the model takes batches.

## What it does
Finds datasets whose elements have one axis less than each input that they feed: nothing batched them.

## Why is this bad?
Keras says `expected min_ndim=2, found ndim=1`, or takes the first axis of each example for the batch. An adapter
makes batches of one; labels and sample weights, which pass by it, stay as they are.

## Example
    x: warning[unbatched_dataset]: each element is one example, and x takes a batch of them
      required  x: float32[?, 13]
      provided  output_0: float64[13]
      help      batch the dataset before, as with dataset.batch(32), and check that

## What to do
Call `.batch()` on the dataset, and check what that gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding

NAME = "unbatched_dataset"
ORDER = 95
LEVEL: Level = "warning"

# The reader of datasets.
_READER = "tf_dataset"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for the dataset: what is true of one input is of all."""
    fed = [one for one in match.bindings if one.junction is None]
    if match.producer.reader == _READER and fed and all(map(_is_one_example, fed)):
        first = fed[0]
        others = f" and {len(fed) - 1} more take" if len(fed) > 1 else " takes"
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=first.required,
            message=f"each element is one example, and {first.required}{others} a batch of them",
            help="batch the dataset before, as with dataset.batch(32), and check that",
            required=f"{first.required}: {first.required_spec}",
            provided=f"{first.provided}: {first.provided_spec}",
        )


def _is_one_example(binding: Binding) -> bool:
    given, taken = binding.provided_spec.shape, binding.required_spec.shape
    if given is None or taken is None or len(given) + 1 != len(taken):
        return False
    # The first axis is rather the batch where it is of any size, and that of one example would have a known one.
    is_batched = bool(given) and given[0] is None and taken[1] is not None
    return not is_batched and all(map(_may_be, given, taken[1:]))


def _may_be(given: int | None, taken: int | None) -> bool:
    return given is None or taken is None or given == taken
