"""Sum: the sum of the entries of an axis. By permission only.

## What it does
Adds up the entries of an axis that the consumer has no place for, or one entry: the vectors of the pieces of a word
become one. Which axis that is its name says (`axes` of both sides), else the places that the consumer has for the
others. Where rows are filled up with 0 the filling adds nothing; with anything else nothing is proposed. A sum of
logits is none, and no id either: where the consumer says what it takes, only numbers that mean the same added up do.

## Example
    tf.reduce_sum(x, axis=2, keepdims=True)    float32[?, 9, 4, 32] -> float32[?, 9, 1, 32]

## What it loses or assumes
Irreversible: the single entries are gone, which the permission allows. That their sum is what the consumer
takes is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.meaning import Meaning
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES, holds
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.reduced import axis_words, can_be_added, reduced_axes, total_along
from sigcheck.transforms.parts.transform import Code

NAME = "sum"
ORDER = 397
BY_PERMISSION = True
REDUCES = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset(
    {"kind", "sizes", "axes", "numbers", "colours", "kernels", "dtype", "encoding", "meaning", "ids", "padding"}
)
WRITES: Coordinates = frozenset({"sizes", "dtype", "kernels", "encoding", "meaning", "padding"})

# A sum of whole numbers of fewer bytes is exact in int64, whatever their count.
_MOST_BYTES = 4


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the sum along each axis that the consumer has no place for.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("float32[?, 4, 32]"), parse_spec("float32[?, 32]"))]
    ['sum(axis=1)']
    """
    made = _made(spec)
    facts = spec.facts
    if made is None or not can_be_added(facts) or facts.normalization is not None:
        return
    if facts.padding is not None and facts.padding.value != 0:
        return
    # What a sum means nobody knows: it is no way around a meaning that is known to be another.
    if facts.meaning is not None and required.facts.meaning not in {None, _meaning(facts)}:
        return
    for axis, shape in reduced_axes(spec, required):
        result = spec.replace(dtype=made, shape=shape, facts=_facts(spec, axis))
        yield Step(
            transform=NAME,
            arguments={"axis": axis},
            result=result,
            loss="irreversible",
            assumption=f"the sum of {axis_words(spec, axis)} is what is meant",
            cost=Cost(
                assumptions=1,
                bytes_moved=bytes_moved(spec, result),
                steps=1,
            ),
            reach="axis",
        )


def _made(spec: TensorSpec) -> str | None:
    """The dtype of the sum; None where there is none that holds it."""
    dtype = DTYPES[spec.dtype or "variant"]
    if spec.dtype not in ORDERED:
        return None
    if dtype.kind == "float":
        return spec.dtype if spec.dtype in COMPUTE_DTYPES else COMPUTE_DTYPES[0]
    return "int64" if dtype.bytes <= _MOST_BYTES else None


def _facts(spec: TensorSpec, axis: int) -> Facts:
    """What is known of a sum: where it ends, if the count is known; probabilities and pixels are none any more."""
    size, ends = (spec.shape or ())[axis], spec.facts.range
    reached = None if size is None or ends is None else (ends[0] * size, ends[1] * size)
    if reached is not None and not holds(DTYPES[_made(spec) or "variant"], *reached):
        reached = None
    numbers = spec.facts.normalization
    if numbers is not None:
        # The ends of raw values are none of what normalized ones add up to.
        numbers = numbers.model_copy(update={"raw_range": None})
        reached = None
    return spec.facts.replace(normalization=numbers, range=reached, meaning=_meaning(spec.facts), padding=None)


def _meaning(facts: Facts) -> Meaning | None:
    """What a sum of such numbers means, as far as known: vectors added up are a vector."""
    return facts.meaning if facts.meaning == "embedding" else None


def is_mixing(step: Step) -> bool:
    """Whether a value of the result is computed from several, and rounds as the largest of them does."""
    return True


def leaves_nan_open(step: Step) -> bool:
    """Whether builds of TensorFlow differ where the reference gives NaN: numbers that are too large in some order."""
    return True


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.reduce_sum`."""
    made = step.result.dtype
    values = value if spec.dtype == made else f"tf.cast({value}, tf.{made})"
    return Code(f"tf.reduce_sum({values}, axis={step.arguments['axis']}, keepdims=True)")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The entries added up."""
    import numpy as np

    array, axis = dense(value).astype(step.result.dtype), step.arguments["axis"]
    return np.add.reduce(array, axis, keepdims=True) if array.dtype.kind == "i" else total_along(array, axis)
