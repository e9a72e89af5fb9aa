"""The values that fill a generated tensor: ordinary ones, the ends of what is declared, limits, NaN."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import cycle, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.example_features import Feature
from sigcheck.schema.stored_values import stored_range
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, numpy_dtype
from sigcheck.transforms.parts.example_message import write_example
from sigcheck.transforms.parts.png import write_png

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

# Texts that are no base64: another letter, and padding where none belongs.
_BROKEN = (b"a*==", b"YQ=")
_CHANNELS = {"GRAY": 1, "RGBA": 4}
# Pictures of this height or width are made to be let through by guards; larger ones take too long.
_MOST_PIXELS = 512

# What an array is made of. Whole numbers stay whole: beyond 2**53 a float would be another number.
_Number: TypeAlias = "float | int | complex"


class ValueKind(NamedTuple):
    """What fills a tensor: a few values or texts over and over, values between two ends, or files of pictures.

    With `is_beyond` the values are none that the spec's facts allow: only a guard has to know them.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    few: tuple[_Number, ...] = ()
    pictures: tuple[tuple[int, int], ...] = ()
    texts: tuple[bytes, ...] = ()
    is_beyond: bool = False


_TEXT_KINDS: dict[str, tuple[ValueKind, ...]] = {
    **dict.fromkeys(("base64", "base64_url"), (ValueKind("ordinary values"), ValueKind("broken texts"))),
    "encoded_image": (
        ValueKind("pictures of 5 by 3", pictures=((5, 3),)),
        ValueKind("pictures of several sizes", pictures=((5, 3), (2, 7))),
        ValueKind("no pictures"),
    ),
}


# Examples of the features, some without what may be absent; one that has none of them; and none.
_EXAMPLE_KINDS = (ValueKind("Examples"), ValueKind("an Example without features"), ValueKind("no Examples"))
_NO_EXAMPLES = (b"a", b"\x00\xff")
_MADE_EXAMPLES, _MOST_ROWS = 5, 3


def value_kinds(spec: TensorSpec) -> tuple[ValueKind, ...]:
    """The kinds of values that a spec can hold, ordinary ones first; none for a dtype that has no values here."""
    dtype = DTYPES[spec.dtype or "variant"]
    if dtype.kind in {"opaque", "quantized"}:
        return ()
    if spec.facts.features is not None and spec.facts.meaning == "serialized_example":
        return _EXAMPLE_KINDS
    if dtype.kind in {"string", "bool"}:
        return _TEXT_KINDS.get(spec.facts.meaning or "", (ValueKind("ordinary values"),))
    declared = _declared(spec)
    if declared is not None:
        low, high = declared
        few = _within(spec, (low, high, (low + high) / 2))
        if _is_whole(dtype) and math.ceil(low) > math.floor(high):
            return ()
        ends = f"[{low:g}, {high:g}]"
        return (ValueKind(f"values in {ends}", low, high), ValueKind(f"the ends of {ends}", few=few))
    return _undeclared_kinds(spec, dtype)


def neighbour_kinds(spec: TensorSpec, numbers: Iterable[float]) -> tuple[ValueKind, ...]:
    """Tensors of one value each, for guards: every number, the one below and the one above; the ends of the dtype.

    A guard that is wrong by one, or on one side only, shows only where no other value trips it. So
    numbers that the spec's facts deny are among them: `is_beyond`. None where there are no numbers.
    """
    dtype, wanted = DTYPES[spec.dtype or "variant"], tuple(numbers)
    if dtype.lowest is None or dtype.highest is None or not wanted:
        return ()
    near: set[float] = {dtype.lowest, dtype.highest}
    if _is_whole(dtype):
        near.update(int(number) + off for number in wanted for off in (-1, 0, 1))
    else:
        # The floats beside 0 are flushed to it, so that 0.5 stands for them.
        beside = (_float_neighbours(dtype, number) for number in wanted if number)
        near.update((math.inf, -math.inf, 0.0, 0.5, -0.5), *beside)
    near = {number for number in near if dtype.lowest <= number <= dtype.highest or math.isinf(number)}
    held = set(_within(spec, near))
    kinds = [ValueKind(f"every value {number}", few=(number,), is_beyond=number not in held) for number in sorted(near)]
    if not _is_whole(dtype):
        kinds.append(ValueKind("every value NaN", few=(math.nan,), is_beyond=_declared(spec) is not None))
    return tuple(kinds)


def _float_neighbours(dtype: DType, number: float) -> tuple[float, ...]:
    """The number as the dtype has it, and the numbers of the dtype below and above it."""
    import numpy as np

    with np.errstate(over="ignore"):
        own = np.asarray(number).astype(numpy_dtype(dtype.name))
        ends = (np.nextafter(own, own.dtype.type(end)) for end in (-math.inf, math.inf))
        return (float(own), *map(float, ends))


def simple_values(spec: TensorSpec) -> tuple[_Number | bytes, ...]:
    """The simplest values that a spec can hold, the simplest first: what a counterexample is made of where it may be.

    >>> from sigcheck.schema.notation import parse_spec
    >>> simple_values(parse_spec("float32[?]"))
    (0.0, 1.0)
    """
    dtype = DTYPES[spec.dtype or "variant"]
    if dtype.kind == "string":
        return (b"", b"a")
    if dtype.kind in {"bool", "complex"}:
        return (0, 1)
    if dtype.lowest is None:
        return ()
    declared = _declared(spec)
    return _within(spec, (0, 1)) or (() if declared is None else _within(spec, declared))


def _undeclared_kinds(spec: TensorSpec, dtype: DType) -> tuple[ValueKind, ...]:
    low, high = _ORDINARY_BY_MEANING.get(spec.facts.meaning or "", _ORDINARY)
    if dtype.lowest is not None and dtype.highest is not None:
        low, high = max(low, float(dtype.lowest)), min(high, float(dtype.highest))
    ordinary = ValueKind("ordinary values", low, high)
    if spec.facts.meaning == "mask" and dtype.kind == "float":
        # What is between is neither kept nor left out.
        return (ValueKind("zeros and ones", few=(0.0, 1.0)), ValueKind("every value 1", few=(1.0,)))
    if spec.facts.meaning in _ORDINARY_BY_MEANING:
        # Other values contradict what is declared, though the dtype could hold them.
        return (ordinary,)
    limits = f"limits of {dtype.name}"
    special = ValueKind("NaN, infinities and -0.0", few=(math.nan, math.inf, -math.inf, -0.0, 1.0))
    if dtype.kind == "complex":
        return (ordinary, ValueKind(limits, few=(0, 1j, -1, 1e3 - 1e3j)), special)
    ends = [number for number in (dtype.lowest, dtype.highest) if number is not None]
    if dtype.kind == "float":
        return (ordinary, ValueKind(limits, few=_within(spec, (*ends, *_EDGES, *_FLOAT_EDGES))), special)
    return (ordinary, ValueKind(limits, few=_within(spec, (*ends, *_EDGES))))


def _declared(spec: TensorSpec) -> tuple[float, float] | None:
    facts = spec.facts
    if facts.id_count is None:
        # Far beyond what raw values become, TensorFlow may join two factors and not overflow where one would.
        return stored_range(spec)
    low, high = facts.range if facts.range is not None else (0, facts.id_count - 1)
    # A vocabulary may be larger than a narrow dtype can name.
    highest = DTYPES[spec.dtype or "variant"].highest
    return max(low, 0), min(high, facts.id_count - 1, facts.id_count if highest is None else highest)


def _within(spec: TensorSpec, numbers: Iterable[float | int]) -> tuple[float | int, ...]:
    """The numbers that the dtype, and what is declared, can hold; whole ones for an integer dtype."""
    dtype = DTYPES[spec.dtype or "variant"]
    least, most = _declared(spec) or (dtype.lowest, dtype.highest)
    if least is None or most is None:
        return ()
    held = [number for number in numbers if least <= number <= most]
    if not _is_whole(dtype):
        return tuple(float(number) for number in held)
    # The ends of a range are floats: that of int64 is one beyond it.
    lowest, highest = int(dtype.lowest or 0), int(dtype.highest or 0)
    return tuple(min(max(int(number), lowest), highest) for number in held)


def _is_whole(dtype: DType) -> bool:
    return dtype.kind in {"int", "uint"}


def elements(spec: TensorSpec, shape: tuple[int, ...], kind: ValueKind, random: np.random.Generator) -> Array:
    """A dense array of the spec's dtype and this shape, filled with values of the kind."""
    import numpy as np

    dtype = DTYPES[spec.dtype or "variant"]
    count = math.prod(shape)
    if dtype.kind == "string":
        array = np.empty(count, dtype=object)
        array[:] = list(islice(cycle(_strings(spec, kind, random)), count))
        return array.reshape(shape)
    if dtype.kind == "bool":
        return random.integers(0, 2, shape).astype(bool)
    if kind.few:
        flat = np.resize(np.asarray(kind.few, numpy_dtype(dtype.name) if _is_whole(dtype) else None), count)
    else:
        flat = _between(dtype, kind, count, random)
    with np.errstate(over="ignore", invalid="ignore"):
        cast: Array = flat.astype(numpy_dtype(dtype.name))
    return cast.reshape(shape)


def picture_kinds(shapes: Iterable[Sequence[int | None]]) -> tuple[ValueKind, ...]:
    """For strings that are picture files, pictures of the sizes that these shapes speak of: what guards let through."""
    sizes = [
        (height, width)
        for shape in shapes
        for height, width in pairwise(shape[-3:])
        if height and width and max(height, width) <= _MOST_PIXELS
    ]
    return tuple(ValueKind(f"pictures of {size[0]} by {size[1]}", pictures=(size,)) for size in dict.fromkeys(sizes))


def _strings(spec: TensorSpec, kind: ValueKind, random: np.random.Generator) -> list[bytes]:
    """The strings that fill a tensor, over and over."""
    import base64

    import numpy as np

    raw: Sequence[bytes] = _STRINGS
    if kind.texts:
        raw = kind.texts
    if kind in _EXAMPLE_KINDS:
        raw = _examples(spec, kind, random)
    if kind.pictures:
        count = _CHANNELS.get(spec.facts.channel_order or "", 3)
        drawn = (random.integers(0, 256, (*size, count)).astype(np.uint8) for size in kind.pictures)
        raw = [write_png(pixels) for pixels in drawn]
    broken = _BROKEN if kind.name == "broken texts" else ()
    if spec.facts.meaning == "base64":
        return [*map(base64.b64encode, raw), *broken]
    if spec.facts.meaning == "base64_url":
        return [*(base64.urlsafe_b64encode(one).rstrip(b"=") for one in raw), *broken]
    return list(raw)


def _examples(spec: TensorSpec, kind: ValueKind, random: np.random.Generator) -> Sequence[bytes]:
    """Serialized Examples of the features that the spec has, as the kind wants them."""
    if kind.name != "Examples" or spec.facts.features is None:
        return _NO_EXAMPLES if kind.name == "no Examples" else (write_example({}),)
    return [
        write_example(
            {
                name: (feature.dtype, _listed(feature, random))
                for name, feature in spec.facts.features.named
                if not (feature.may_be_absent and number % 2)
            }
        )
        for number in range(_MADE_EXAMPLES)
    ]


def _listed(feature: Feature, random: np.random.Generator) -> list[float] | list[int] | list[bytes]:
    count = feature.count if feature.count is not None else feature.row * int(random.integers(0, _MOST_ROWS + 1))
    if feature.dtype == "string":
        return [_STRINGS[int(at)] for at in random.integers(0, len(_STRINGS), count)]
    if feature.dtype == "int64":
        return [int(one) for one in random.integers(-_DRAWN, _DRAWN, count)]
    return [float(one) for one in random.uniform(*_ORDINARY, count)]


def _between(dtype: DType, kind: ValueKind, count: int, random: np.random.Generator) -> Array:
    import numpy as np

    if _is_whole(dtype):
        least, most = max(math.ceil(kind.low), -_DRAWN), min(math.floor(kind.high), _DRAWN)
        return random.integers(min(least, most), most, count, dtype=np.int64, endpoint=True)
    drawn: Array = random.uniform(kind.low, kind.high, count)
    if dtype.kind == "complex":
        drawn = drawn + 1j * random.uniform(kind.low, kind.high, count)
    return drawn
