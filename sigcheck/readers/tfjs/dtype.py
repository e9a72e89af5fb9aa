"""Dtypes of TensorFlow.js, which has fewer than the graph that it was converted from."""

from __future__ import annotations

from sigcheck.schema.dtype import DTYPE_BY_NUMBER, DTYPES

# Where `DT_FLOAT` and the like do not say it in lower case.
_DTYPES = {"DT_FLOAT": "float32", "DT_DOUBLE": "float64", "DT_HALF": "float16"}
# What is taken and given in place of dtypes that are not there: parseDtypeParam of its operation_mapper.ts.
_RUN_AS = {
    **dict.fromkeys(("int8", "uint8", "int64"), "int32"),
    **dict.fromkeys(("float16", "float64"), "float32"),
    "complex128": "complex64",
}
# What it computes with in place of others: it has two types of numbers.
_COMPUTED = {"bfloat16": "float32", **dict.fromkeys(("int16", "uint16", "uint32", "uint64"), "int32")}


def read_dtype(value: object) -> str | None:
    """The dtype that TensorFlow.js has for a name such as `DT_FLOAT`, or for its number; None where it is not known.

    >>> read_dtype("DT_UINT8"), read_dtype(3)
    ('int32', 'int32')
    """
    written = written_dtype(value)
    return _RUN_AS.get(written or "", written)


def written_dtype(value: object) -> str | None:
    """The dtype as the file says it."""
    if isinstance(value, int):
        return DTYPE_BY_NUMBER.get(value)
    name = _DTYPES.get(str(value)) or str(value).removeprefix("DT_").lower()
    return name if name in DTYPES else None


def computed_dtype(value: object) -> str | None:
    """The dtype that TensorFlow.js computes with.

    >>> computed_dtype("DT_UINT16"), computed_dtype("DT_FLOAT")
    ('int32', 'float32')
    """
    run = read_dtype(value)
    return _COMPUTED.get(run or "", run)
