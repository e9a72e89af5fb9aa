"""The values that fill a generated tensor: ordinary ones, the ends of what is declared, limits, NaN."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Array, numpy_dtype

if TYPE_CHECKING:
    import numpy as np

# Between these lie the ordinary values of a float or of an integer with no declared range.
_ORDINARY = (-100.0, 100.0)
_ORDINARY_BY_MEANING = {
    "probabilities": (0.0, 1.0),
    "log_probabilities": (-20.0, 0.0),
    "mask": (0.0, 1.0),
    "lengths": (0.0, 20.0),
}
# Where narrower types end: the values at, and just beyond, the ends of other dtypes.
_EDGES = (
    0,
    1,
    -1,
    *(sign * (1 << bits) + off for bits in (7, 8, 15, 16, 24, 31, 32, 53) for sign in (1, -1) for off in (-1, 0, 1)),
)
# float16 ends at 65504; 65520 is the least value that rounds to infinity.
_FLOAT_EDGES = (-0.0, 0.5, 1.5, 2.5, 65504.0, 65519.0, 65520.0, 1e-3, 3.4e38, -3.4e38)
# Whole numbers are drawn up to here; the limits of wider ranges come one by one.
_DRAWN = 1 << 62
_STRINGS = (b"", b"a", "héllo wörld".encode(), b"\x00\xff", b"1.5", b"x" * 300)


class ValueKind(NamedTuple):
    """What fills a tensor. `low` and `high` are the ends of ordinary values, else None."""

    name: str
    low: float | None = None
    high: float | None = None


def value_kinds(spec: TensorSpec) -> tuple[ValueKind, ...]:
    """The kinds of values that a spec can hold, ordinary ones first; none for a dtype that has no values here."""
    dtype = DTYPES[spec.dtype or "variant"]
    if dtype.kind in {"opaque", "quantized"}:
        return ()
    if dtype.kind in {"string", "bool"}:
        return (ValueKind("ordinary values", 0, 1),)
    low, high = _declared(spec)
    if low is not None and high is not None:
        if dtype.kind in {"int", "uint"} and math.ceil(low) > math.floor(high):
            return ()
        ends = f"[{low:g}, {high:g}]"
        return (ValueKind(f"values in {ends}", low, high), ValueKind(f"the ends of {ends}"))
    return _undeclared_kinds(spec, dtype)


def _undeclared_kinds(spec: TensorSpec, dtype: DType) -> tuple[ValueKind, ...]:
    low, high = _ORDINARY_BY_MEANING.get(spec.facts.meaning or "", _ORDINARY)
    if dtype.lowest is not None and dtype.highest is not None:
        low, high = max(low, float(dtype.lowest)), min(high, float(dtype.highest))
    ordinary = ValueKind("ordinary values", low, high)
    if spec.facts.meaning in _ORDINARY_BY_MEANING:
        # Other values contradict what is declared, though the dtype could hold them.
        return (ordinary,)
    limits = ValueKind(f"limits of {dtype.name}")
    if dtype.kind in {"float", "complex"}:
        return (ordinary, limits, ValueKind("NaN, infinities and -0.0"))
    return (ordinary, limits)


def _declared(spec: TensorSpec) -> tuple[float | None, float | None]:
    facts = spec.facts
    low, high = facts.range if facts.range is not None else (None, None)
    if facts.id_count is not None:
        low, high = max(low or 0, 0), min(facts.id_count - 1 if high is None else high, facts.id_count - 1)
    return low, high


def elements(spec: TensorSpec, shape: tuple[int, ...], kind: ValueKind, random: np.random.Generator) -> Array:
    """A dense array of the spec's dtype and this shape, filled with values of the kind."""
    import numpy as np

    dtype = DTYPES[spec.dtype or "variant"]
    count = math.prod(shape)
    if dtype.kind == "string":
        array = np.empty(count, dtype=object)
        array[:] = [_STRINGS[index % len(_STRINGS)] for index in range(count)]
        return array.reshape(shape)
    if dtype.kind == "bool":
        return random.integers(0, 2, shape).astype(bool)
    if kind.low is not None and kind.high is not None:
        flat = _between(dtype.kind, kind.low, kind.high, count, random)
    else:
        flat = np.resize(_special(spec, kind), count)
    with np.errstate(over="ignore", invalid="ignore"):
        cast: Array = flat.astype(numpy_dtype(dtype.name))
    return cast.reshape(shape)


def _between(dtype_kind: str, low: float, high: float, count: int, random: np.random.Generator) -> Array:
    import numpy as np

    if dtype_kind in {"int", "uint"}:
        least, most = max(math.ceil(low), -_DRAWN), min(math.floor(high), _DRAWN)
        return random.integers(min(least, most), most, count, dtype=np.int64, endpoint=True)
    drawn: Array = random.uniform(low, high, count)
    if dtype_kind == "complex":
        drawn = drawn + 1j * random.uniform(low, high, count)
    return drawn


def _special(spec: TensorSpec, kind: ValueKind) -> Array:
    """The few values of a kind that has no lower and upper end, exactly as wide as they need to be."""
    import numpy as np

    dtype = DTYPES[spec.dtype or "variant"]
    if kind.name.startswith("NaN"):
        return np.asarray([np.nan, np.inf, -np.inf, -0.0, 1.0])
    low, high = _declared(spec)
    if low is not None and high is not None:
        return _within(spec, [low, high, (low + high) / 2])
    if dtype.kind == "complex":
        return np.asarray([0, 1j, -1, 1e3 - 1e3j])
    return _within(spec, [dtype.lowest, dtype.highest, *_EDGES, *(_FLOAT_EDGES if dtype.kind == "float" else ())])


def _within(spec: TensorSpec, numbers: list[float | int | None]) -> Array:
    import numpy as np

    dtype = DTYPES[spec.dtype or "variant"]
    low, high = _declared(spec)
    least = dtype.lowest if low is None else low
    most = dtype.highest if high is None else high
    is_whole = dtype.kind in {"int", "uint"}
    kept = [
        int(number) if is_whole else float(number)
        for number in numbers
        if number is not None and (least is None or least <= number) and (most is None or number <= most)
    ]
    # Whole numbers beyond 2**63 need their own type: through a float they would be other numbers.
    return np.asarray(kept, dtype=numpy_dtype(dtype.name) if is_whole else np.float64)
