"""CSV columns: each input takes a column of lines of comma-separated values, of a dtype of its own.

## What it does
Splits each string into its fields and gives each input, in the order in which they are bound, one column: numbers
where it takes numbers, texts where it takes texts. All columns are bound.

## Example
    --bind 'csv_columns(line)=age' --bind 'csv_columns(line)=fare' --bind 'csv_columns(line)=name'
    string[?] -> int64[?], float32[?], string[?]

## What it loses or assumes
Rounding, where floats are read: not every decimal fraction is one. A line of another number of columns, with a text
where a number is read, or with an empty field, is refused when the adapter runs.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense, map_values, numpy_dtype
from sigcheck.transforms.parts.csv_line import UnreadCsvError, read_fields
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.numerals import parse_number
from sigcheck.transforms.parts.transform import Code

NAME = "csv_columns"
ORDER = 83
# What is known of the lines is not known of the values in them.
VALUE_PARTS: tuple[int, ...] | None = ()
HAS_KERAS = False
HAS_NUMPY = False

# What tf.io.decode_csv reads; others are cast behind it.
_READ = frozenset({"float32", "float64", "int32", "int64", "string"})
_READ_AS = {"float": "float32", "int": "int64", "uint": "int64"}


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: that a string is a line, and which column is whose, nothing but a person says.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("string[?]")], [parse_spec("float32[?]")] * 2)
    []
    """
    return []


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: object) -> tuple[Step, ...]:
    """A column for each input. Raises JunctionError where the output is no line, and for a dtype that no field has."""
    (part,) = parts
    if part.kind != "dense" or part.dtype != "string" or part.shape is None:
        raise JunctionError(f"{part} is given, expected lines as strings")
    if part.facts.meaning not in {None, "csv"}:
        raise JunctionError(f"{part.facts.meaning} is given, expected csv")
    dtypes = [_read_as(one) for one in required]
    steps = []
    for at, dtype in enumerate(dtypes):
        is_float = DTYPES[dtype].kind == "float"
        axes = part.facts.axes
        result = TensorSpec(dtype=dtype, shape=part.shape, facts=Facts(axes=axes))
        steps.append(
            Step(
                transform=NAME,
                arguments={"dtypes": tuple(dtypes), "index": at},
                result=result,
                loss="rounding" if is_float else "exact",
                guard=f"every string is a line of {', '.join(dtypes)}",
                cost=Cost(rounding=int(is_float), guards=1, bytes_moved=bytes_moved(part, result), steps=1),
            )
        )
    return tuple(steps)


def _read_as(spec: TensorSpec) -> str:
    if spec.dtype in _READ:
        return spec.dtype or "string"
    found = _READ_AS.get(DTYPES[spec.dtype or "variant"].kind)
    if found is None:
        raise JunctionError(f"an input takes {spec}, which no field of a line is read as")
    return found


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.io.decode_csv`, in which no field has a default."""
    defaults = ", ".join(f"tf.constant([], tf.{dtype})" for dtype in step.arguments["dtypes"])
    return Code(f"tf.io.decode_csv({values[0]}, [{defaults}])[{step.arguments['index']}]")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The column of each line. Raises GuardError for a line of others."""
    import numpy as np

    lines, at, dtypes = dense(values[0]), step.arguments["index"], step.arguments["dtypes"]
    try:
        rows = [read_fields(line) for line in lines.reshape(-1).tolist()]
    except UnreadCsvError as error:
        raise GuardError(str(error)) from None
    # One field that cannot be read stops the whole line.
    read = [_read(row, dtypes)[at] for row in rows]
    made: Array = np.empty(len(read), numpy_dtype(dtypes[at]))
    with np.errstate(over="ignore"):
        made[:] = read
    return made.reshape(lines.shape)


def _read(row: Sequence[bytes], dtypes: Sequence[str]) -> list[bytes | float | int]:
    if len(row) != len(dtypes) or not all(row):
        raise GuardError(f"a line of {len(row)} fields, or with an empty one")
    return [
        field if dtype == "string" else parse_number(field, DTYPES[dtype])
        for field, dtype in zip(row, dtypes, strict=True)
    ]


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """As many lines, of the columns that are read; what is called row by row may have them in ragged rows."""
    import numpy as np

    def lines(texts: Array) -> Array:
        made: Array = np.empty(texts.size, object)
        made[:] = [_line(at, step.arguments["dtypes"]) for at in range(texts.size)]
        return made.reshape(texts.shape)

    return [map_values(values[0], lines)]


_TEXTS = (b"plain", b'"with, comma"', b'"with ""quotes"""', b"\xff\x00", b"' '")


def _line(at: int, dtypes: Sequence[str]) -> bytes:
    fields = []
    for column, dtype in enumerate(dtypes):
        number = (at * 7 + column * 3) % 50 - 9
        text = str(number) if DTYPES[dtype].kind == "int" else f"{number}.{at % 4}5"
        fields.append(_TEXTS[(at + column) % len(_TEXTS)] if dtype == "string" else text.encode())
    return b",".join(fields)
