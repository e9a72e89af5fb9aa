"""Data types: their TensorFlow names, enum numbers, sizes and limits.

Numbers are those of `tensorflow/core/framework/types.proto`; a reader finds them
in a file, and nothing here needs TensorFlow to be installed.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator

Kind = Literal["float", "int", "uint", "bool", "complex", "string", "quantized", "opaque"]


class DType(NamedTuple):
    """One TensorFlow data type.

    `bytes` is the size of one value; strings and opaque types count as a pointer.
    `lowest` and `highest` are the finite limits of a numeric type, else None.
    `digits` is the number of bits of an integer that survive: every whole number
    below 2**digits in magnitude is represented exactly.
    """

    name: str
    number: int
    kind: Kind
    bytes: int
    lowest: float | int | None = None
    highest: float | int | None = None
    digits: int = 0


def _float(name: str, number: int, size: int, highest: float, digits: int) -> DType:
    return DType(name, number, "float", size, -highest, highest, digits)


def _int(name: str, number: int, bits: int) -> DType:
    return DType(name, number, "int", max(1, bits // 8), -(1 << bits - 1), (1 << bits - 1) - 1, bits - 1)


def _uint(name: str, number: int, bits: int) -> DType:
    return DType(name, number, "uint", max(1, bits // 8), 0, (1 << bits) - 1, bits)


DTYPES: dict[str, DType] = {
    dtype.name: dtype
    for dtype in (
        _float("float32", 1, 4, 3.4028234663852886e38, 24),
        _float("float64", 2, 8, 1.7976931348623157e308, 53),
        _int("int32", 3, 32),
        _uint("uint8", 4, 8),
        _int("int16", 5, 16),
        _int("int8", 6, 8),
        DType("string", 7, "string", 8),
        DType("complex64", 8, "complex", 8, digits=24),
        _int("int64", 9, 64),
        DType("bool", 10, "bool", 1, 0, 1, 1),
        DType("qint8", 11, "quantized", 1),
        DType("quint8", 12, "quantized", 1),
        DType("qint32", 13, "quantized", 4),
        _float("bfloat16", 14, 2, 3.3895313892515355e38, 8),
        DType("qint16", 15, "quantized", 2),
        DType("quint16", 16, "quantized", 2),
        _uint("uint16", 17, 16),
        DType("complex128", 18, "complex", 16, digits=53),
        _float("float16", 19, 2, 65504.0, 11),
        DType("resource", 20, "opaque", 8),
        DType("variant", 21, "opaque", 8),
        _uint("uint32", 22, 32),
        _uint("uint64", 23, 64),
        _float("float8_e5m2", 24, 1, 57344.0, 3),
        _float("float8_e4m3fn", 25, 1, 448.0, 4),
        _float("float8_e4m3fnuz", 26, 1, 240.0, 4),
        _float("float8_e4m3b11fnuz", 27, 1, 30.0, 4),
        _float("float8_e5m2fnuz", 28, 1, 57344.0, 3),
        _int("int4", 29, 4),
        _uint("uint4", 30, 4),
        _int("int2", 31, 2),
        _uint("uint2", 32, 2),
        # TensorFlow writes float4 as 33 since 2.20 (types.proto).
        _float("float4_e2m1fn", 33, 1, 6.0, 2),
    )
}

DTYPE_BY_NUMBER: dict[int, str] = {dtype.number: dtype.name for dtype in DTYPES.values()}


def _known(name: str) -> str:
    if name not in DTYPES:
        raise ValueError(f"{name!r} is no TensorFlow dtype; write one such as float32, int64, string")
    return name


DTypeName = Annotated[str, AfterValidator(_known)]


def rounded(value: float, dtype: str | None) -> float:
    """The number with as many binary digits as a float of the dtype has, infinite past all; any other as it is.

    >>> rounded(0.1, "float16"), rounded(1.79e308, "float16")
    (0.0999755859375, inf)
    """
    kind = DTYPES[dtype or "variant"]
    if kind.kind != "float" or not kind.digits or not math.isfinite(value):
        return value
    part, exponent = math.frexp(value)
    try:
        return math.ldexp(round(math.ldexp(part, kind.digits)), exponent - kind.digits)
    except OverflowError:
        return math.copysign(math.inf, value)
