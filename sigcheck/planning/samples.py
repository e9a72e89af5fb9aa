"""Samples: tensors on which plans are compared. What fills them does not depend on how many values they hold.

Values of one kind can hide a difference that another shows: a clip is seen at its limits only, a
cut of decimals at fractions only. So each shape is tried with small, negative, large and special ones.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from sigcheck.planning.text_samples import text_fills
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.id_agreement import id_limits
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.plan import Step
from sigcheck.schema.stored_values import stored_range
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, RaggedArray, numpy_dtype
from sigcheck.transforms.parts.filling import pad_value
from sigcheck.transforms.parts.rows import row_axis

if TYPE_CHECKING:
    import numpy as np

    Random: TypeAlias = np.random.Generator

Sizes: TypeAlias = tuple[int, ...]
# Fills a shape with values in double precision, or with whole numbers or texts as they are.
Fill: TypeAlias = "Callable[[Random, Sizes], Array]"

# Numbers between these fit in every type, and so pass the guards of casts.
SMALL = (0, 100)
SIGNED = (-100, 100)
# Whole numbers beyond these tell no more, and overflow where they are drawn.
MOST_DRAWN = 2**62
# Large floats are drawn below this power of ten, and below what the type holds.
MOST_POWER = 36.0
# Between ends that are farther apart than a float can say none can be drawn.
_MOST_SPREAD = sys.float_info.max / 2
SPECIAL = (float("nan"), float("inf"), float("-inf"), -0.0, 0.5, -1.5, 1e-3, 65504.0)


def samples(spec: TensorSpec, sizes: Sizes, seed: int, steps: Sequence[Step] = ()) -> Iterator[Array | RaggedArray]:
    """Yields tensors of a dense or ragged spec with these sizes, one for each kind of values that it can hold.

    Strings hold what `steps` can read.
    """
    import numpy as np

    shape, splits = _rows(spec, sizes) if spec.kind == "ragged" else (sizes, ())
    for number, fill in enumerate(_fills(spec, steps, prod(shape))):
        with np.errstate(all="ignore"):
            drawn = fill(np.random.default_rng((seed, number)), shape)
            drawn = drawn.astype(numpy_dtype(spec.dtype or "float32"), copy=False)
            _fill_rows(spec, drawn)
        # What is yielded is kept by whoever takes it, and not here while the next one is drawn.
        made = [RaggedArray(drawn, splits) if spec.kind == "ragged" else drawn]
        del drawn
        yield made.pop()


def _fill_rows(spec: TensorSpec, drawn: Array) -> None:
    """Fills each row but the first one entry farther than the one before, with what the rows of the spec are filled."""
    axis, padding = row_axis(spec), spec.facts.padding
    value = None if padding is None else pad_value(spec.dtype, padding.value)
    if padding is None or axis is None or value is None:
        return
    filler = value.encode() if isinstance(value, str) else value
    for count, row in enumerate(drawn.T if axis == 0 else drawn):
        row[max(0, len(row) - count) :] = filler
        if padding.side == "pre":
            row[:] = row[::-1].copy()


def _fills(spec: TensorSpec, steps: Sequence[Step], count: int) -> tuple[Fill, ...]:
    fills = _fills_of_values(spec, steps, count)
    # Drawn at random, the ones of a longer row hardly ever stand in front of its zeros, as guards want them.
    return (*fills, _in_front) if spec.facts.meaning == "mask" and spec.dtype != "string" else fills


def _fills_of_values(spec: TensorSpec, steps: Sequence[Step], count: int) -> tuple[Fill, ...]:
    dtype = DTYPES[spec.dtype or "float32"]
    if dtype.kind == "string":
        return text_fills(spec.facts, steps, count)
    if dtype.kind == "bool":
        return (partial(_whole, ends=(0, 1)),)
    is_whole = dtype.kind in {"int", "uint"}
    ends = stored_range(spec) or id_limits(spec.facts)
    if ends is not None:
        # Guards let through what names or counts something as whole numbers only.
        is_naming = spec.facts.meaning in CATEGORICAL or spec.facts.id_count is not None
        low, high = (int(_between(end, -MOST_DRAWN, MOST_DRAWN)) for end in ends)
        between = partial(_whole, ends=(low, high)) if is_whole or is_naming else None
        # There may be more ids than the type has numbers.
        lowest, highest = dtype.lowest or 0, dtype.highest or sys.float_info.max
        held = tuple(_between(end, lowest, highest) for end in ends)
        return (between or partial(_fractions, ends=ends), partial(_few, values=held))
    if is_whole:
        limits = (int(max(dtype.lowest or 0, -MOST_DRAWN)), int(min(dtype.highest or 0, MOST_DRAWN)))
        signed = (max(SIGNED[0], limits[0]), min(SIGNED[1], limits[1]))
        return tuple(partial(_whole, ends=one) for one in ((0, min(SMALL[1], limits[1])), signed, limits))
    whole, fractions = partial(_whole, ends=SMALL), partial(_fractions, ends=SIGNED)
    large = partial(_large, highest=float(dtype.highest or 10.0**MOST_POWER))
    if dtype.kind == "complex":
        return tuple(partial(_complex, parts=part) for part in (whole, fractions, large))
    return (whole, partial(_fractions, ends=(0.0, 1.0)), fractions, large, partial(_few, values=SPECIAL))


def _between(end: float, lowest: float, highest: float) -> float:
    return max(lowest, min(end, highest))


def _whole(random: Random, sizes: Sizes, ends: tuple[int, int]) -> Array:
    return random.integers(ends[0], ends[1], sizes, endpoint=True)


def _in_front(random: Random, sizes: Sizes) -> Array:
    """Ones in front of the zeros along each axis."""
    import numpy as np

    drawn = _whole(random, sizes, (0, 1))
    for axis in range(len(sizes)):
        drawn = np.flip(np.sort(drawn, axis), axis)
    return drawn


def _fractions(random: Random, sizes: Sizes, ends: tuple[float, float]) -> Array:
    low, high = (_between(end, -_MOST_SPREAD, _MOST_SPREAD) for end in ends)
    return random.uniform(low, high, sizes)


def _large(random: Random, sizes: Sizes, highest: float) -> Array:
    import numpy as np

    powers = random.uniform(0.0, min(MOST_POWER, float(np.log10(highest))), sizes)
    return np.asarray(random.choice((-1.0, 1.0), sizes) * 10.0**powers)


def _few(random: Random, sizes: Sizes, values: tuple[float, ...]) -> Array:
    return random.choice(values, sizes)


def _complex(random: Random, sizes: Sizes, parts: Fill) -> Array:
    imaginary: Array = 1j * parts(random, sizes)
    return imaginary + parts(random, sizes)


def _rows(spec: TensorSpec, sizes: Sizes) -> tuple[Sizes, tuple[Array, ...]]:
    """Rows of falling length, the last one empty, below the sizes given: the shape of the values, and the splits."""
    import numpy as np

    if not spec.ragged_rank:
        return sizes, ()
    count, splits, rank = sizes[0], [], spec.ragged_rank
    for axis, most in enumerate(sizes[1 : 1 + rank], start=1):
        is_uniform = spec.shape is not None and spec.shape[axis] is not None
        falling = [max(0, most - row) for row in range(count)][:-1] + [0] * (count > 0)
        lengths = [most] * count if is_uniform else falling
        splits.append(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
        count = int(splits[-1][-1])
    return (count, *sizes[1 + rank :]), tuple(splits)
