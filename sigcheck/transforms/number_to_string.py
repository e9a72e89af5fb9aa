"""Number to string: write whole numbers out in decimal.

## What it does
Writes each whole number as a string where both sides declare the same numeric meaning, such
as class_ids, and the consumer's dtype is string. Floats have no one writing, and are left alone.

## Example
    tf.strings.as_string(x)    int64[?], meaning class_ids -> string[?], meaning class_ids

## What it loses or assumes
Nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Padding
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import pad_value
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.numerals import NUMERIC_MEANINGS
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "number_to_string"
ORDER = 320
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"dtype", "encoding", "meaning", "padding"})
WRITES: Coordinates = frozenset({"dtype", "encoding", "padding"})
MEETS: Forms = frozenset({"text"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the writing of numbers where strings of the same meaning are required.

    >>> from sigcheck.schema.facts import Facts
    >>> facts = Facts(meaning="class_ids")
    >>> ids, written = (TensorSpec(dtype=dtype, shape=(None,), facts=facts) for dtype in ("int64", "string"))
    >>> [str(step) for step in propose(ids, written)]
    ['number_to_string()']
    """
    if required.dtype != "string" or spec.dtype not in ORDERED:
        return
    if DTYPES[spec.dtype or "variant"].kind not in {"int", "uint"} or spec.facts.quantization is not None:
        return
    if spec.facts.meaning not in NUMERIC_MEANINGS or spec.facts.meaning != required.facts.meaning:
        return
    padding = spec.facts.padding
    filler = None if padding is None else pad_value(spec.dtype, padding.value)
    if padding is not None and filler is None:
        # No number of the type: what is written of those that fill the rows nobody knows.
        return
    after = None if padding is None else Padding(value=f"{filler}", side=padding.side)
    result = spec.replace(dtype="string", facts=spec.facts.replace(range=None, padding=after))
    yield Step(
        transform=NAME, result=result, cost=Cost(bytes_moved=bytes_moved(spec, result), steps=1), reach="element"
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.strings.as_string`."""
    written = f"tf.strings.as_string({values_code(spec, value)})"
    return keep_static_shape(step.result, Code(with_values_code(spec, value, written)))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The decimal digits of each number, behind a minus sign where it is negative."""
    import numpy as np

    def write(array: Array) -> Array:
        written: Array = np.empty(array.size, object)
        written[:] = [b"%d" % number for number in array.reshape(-1).tolist()]
        return written.reshape(array.shape)

    return map_values(value, write)
