"""Guard ids: refuse ids that the consumer has no row for. By permission only.

## What it does
Passes the ids on behind an assertion that each is below the consumer's id_count. Used only
where the policy allows it by name: a mismatch of vocabularies, which is wrong for every id,
becomes a failure for some.

## Example
    tf.debugging.assert_less(x, 30522)    int32[?, 128], id_count 50000 -> int32[?, 128], id_count 30522

## What it loses or assumes
Nothing is lost. It is a guard, and does not make two vocabularies one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.id_agreement import id_limits, is_filled_beyond_ids
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, map_values
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.transform import Code, values_code

NAME = "guard_ids"
ORDER = 430
SETTLES: Coordinates = frozenset({"ids"})
READS: Coordinates = frozenset({"dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"encoding", "ids"})
HAS_KERAS = False

# The planner leaves it out unless the policy allows it by name: it turns a mismatch of
# vocabularies, which is wrong for every id, into a failure for some.
BY_PERMISSION = True


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the guard where the producer knows more ids than the consumer.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> many = TensorSpec(dtype="int32", shape=(None,), facts=Facts(id_count=50000))
    >>> few = TensorSpec(dtype="int32", shape=(None,), facts=Facts(id_count=30522))
    >>> [str(step) for step in propose(many, few)]
    ['guard_ids(count=30522)']
    """
    if (
        spec.dtype not in ORDERED
        or DTYPES[spec.dtype or "variant"].kind not in {"int", "uint"}
        or "id_count" not in conflicts(spec, required)
        # What fills the rows would be refused, each time.
        or is_filled_beyond_ids(spec.facts, required.facts)
    ):
        return
    count = _count(required.facts)
    if count is None:
        return
    yield Step(
        transform=NAME,
        arguments={"count": count},
        result=spec.replace(facts=spec.facts.replace(id_count=count, range=None)),
        guard=f"every id is from 0 to {count - 1}",
        cost=Cost(guards=1, steps=1),
        reach="element",
    )


def _count(facts: Facts) -> int | None:
    """One more than the largest id of the consumer; None where the least is not 0."""
    limits = id_limits(facts if facts.meaning is not None else facts.replace(meaning="token_ids"))
    return None if limits is None or limits[0] != 0 or limits[1] < 0 else limits[1] + 1


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """Assertions on the values."""
    count = step.arguments["count"]
    numbers = values_code(spec, value)
    message = f'message="an id is not from 0 to {count - 1}"'
    lines = [f"tf.debugging.assert_non_negative({numbers}, {message})"]
    # A bound beyond what the type holds would wrap, and is none.
    if count <= int(DTYPES[spec.dtype or ""].highest or 0):
        lines.append(f"tf.debugging.assert_less({numbers}, tf.constant({count}, tf.{spec.dtype}), {message})")
    return Code(value, tuple(lines))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The value itself. Raises GuardError where an id is out of range."""
    count = step.arguments["count"]

    def checked(array: Array) -> Array:
        if array.size and not (array.min() >= 0 and array.max() < count):
            raise GuardError(f"an id is not from 0 to {count - 1}")
        return array

    return map_values(value, checked)
