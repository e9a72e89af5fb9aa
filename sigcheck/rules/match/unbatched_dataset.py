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
from sigcheck.schema.tensor_spec import TensorSpec

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
    given, taken = binding.provided_spec, binding.required_spec
    if given.shape is None or taken.shape is None or len(given.shape) + 1 != len(taken.shape):
        return False
    return all(map(_may_be, given.shape, taken.shape[1:])) and not _is_batched(given, taken)


def _may_be(given: int | None, taken: int | None) -> bool:
    return given is None or taken is None or given == taken


def _is_batched(given: TensorSpec, taken: TensorSpec) -> bool:
    """Whether the first axis is rather the batch: of any size, where one example would have a known one."""
    return bool(given.shape and taken.shape) and given.shape[0] is None and taken.shape[1] is not None
