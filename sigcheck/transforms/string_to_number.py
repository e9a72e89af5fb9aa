"""String to number: read the numbers that strings write out in decimal.

## What it does
Parses each string where both sides declare the same numeric meaning, such as class_ids, and
the producer's dtype is string: then the strings are numbers in writing.

## Example
    tf.strings.to_number(x, tf.int64)    string[?], meaning class_ids -> int64[?], meaning class_ids

## What it loses or assumes
Rounding for floats, nothing for whole numbers. A string that is no number, or one beyond the
limits of the dtype, is refused when the adapter runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.facts import Padding
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ORDERED, PARSED
from sigcheck.transforms.parts.numerals import NUMERIC_MEANINGS, WHOLE, parse_number
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

NAME = "string_to_number"
ORDER = 310
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"dtype", "meaning", "padding"})
WRITES: Coordinates = frozenset({"dtype", "padding"})
TAKES: Forms = frozenset({"text"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the parse of strings that are declared to be numbers.

    >>> from sigcheck.schema.facts import Facts
    >>> facts = Facts(meaning="class_ids")
    >>> written, ids = (TensorSpec(dtype=dtype, shape=(None,), facts=facts) for dtype in ("string", "int64"))
    >>> [str(step) for step in propose(written, ids)]
    ['string_to_number(dtype=int64)']
    """
    dtype = _target(required)
    if spec.dtype != "string" or dtype is None:
        return
    if spec.facts.meaning not in NUMERIC_MEANINGS or spec.facts.meaning != required.facts.meaning:
        return
    rounds = DTYPES[dtype].kind == "float"
    padding = spec.facts.padding
    filler = None if padding is None or not isinstance(padding.value, str) else _parsed(padding.value)
    # What fills the rows is parsed too: where it is no number, they are freed of it first.
    if padding is not None and filler is None:
        return
    after = None if padding is None or filler is None else Padding(value=filler, side=padding.side)
    result = spec.replace(dtype=dtype, facts=spec.facts.replace(padding=after))
    yield Step(
        transform=NAME,
        arguments={"dtype": dtype},
        result=result,
        loss="rounding" if rounds else "exact",
        guard=f"every string is a number that fits in {dtype}",
        cost=Cost(rounding=int(rounds), guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="element",
    )


def _target(required: TensorSpec) -> str | None:
    """The required dtype, else the one that is parsed and then cast to it."""
    kind = DTYPES[required.dtype or "variant"].kind
    if required.dtype in PARSED or required.dtype not in ORDERED:
        return required.dtype if required.dtype in PARSED else None
    return "float32" if kind == "float" else "int64"


def _parsed(text: str) -> int | None:
    return int(text) if re.fullmatch(WHOLE, text.encode()) else None


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.strings.to_number`."""
    numbers = f"tf.strings.to_number({values_code(spec, value)}, tf.{step.arguments['dtype']})"
    return keep_static_shape(step.result, Code(with_values_code(spec, value, numbers)))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The number that each string writes out. Raises GuardError where one does not."""
    return map_values(value, lambda array: _numbers(array, DTYPES[step.arguments["dtype"]]))


def _numbers(array: Array, dtype: DType) -> Array:
    import numpy as np

    numbers = [parse_number(text, dtype) for text in array.reshape(-1).tolist()]
    is_whole = dtype.kind != "float"
    with np.errstate(over="ignore"):
        parsed: Array = np.asarray(numbers, np.int64 if is_whole else np.float64).astype(dtype.name)
    return parsed.reshape(array.shape)
