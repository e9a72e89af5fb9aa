"""What a tensor means, by the facts of its spec and nothing else: the oracle that plans are judged by.

Written from the meaning of the facts (docs/facts.md), and not from the transforms: nothing of
`sigcheck.transforms` but the containers of ragged and sparse arrays is used. A tensor of numbers means an array
over named axes, in which a quantization, a normalization, a range, a meaning and an order of colours
are undone; a tensor of rows means a list of rows, however they are filled up or written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from math import prod

import numpy as np

from sigcheck.schema.facts import Facts
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray

WHOLE = ("int8", "uint8", "int16", "uint16", "int32", "int64")
# Bits of the fraction of each float: the relative error of a stored value is half of the last one. What comes
# out as float64 may have been computed in float32.
DIGITS = {"float64": 23, "float32": 23, "float16": 10, "bfloat16": 7}
NAMING = ("class_ids", "token_ids", "lengths", "mask")
# A picture that is stored as whole numbers has a range of so many at least.
FEWEST_STEPS = 100
SCORES = ("logits", "log_probabilities", "probabilities")


class UnclearError(Exception):
    """The facts do not say what the tensor means."""


@dataclass(frozen=True)
class Numbers:
    """An array over the axes of these names, in the order of the names, and how far each number may be off.

    `is_share` where the numbers say how far they are from one end of a range to the other.
    """

    names: tuple[str | None, ...]
    values: np.ndarray
    slack: float
    is_share: bool = False


def complete(provided: TensorSpec, required: TensorSpec) -> tuple[Facts, Facts]:
    """The facts of both sides, what one does not say taken from the other: a pass says no less than that they agree."""
    ours, theirs = provided.facts, required.facts
    if provided.dtype in WHOLE and required.dtype in WHOLE:
        ours, theirs = _stored_alike(ours, theirs)
    if None in (ours.meaning, theirs.meaning):
        # What one side calls scores the other takes as the numbers that they are.
        ours, theirs = (one.replace(meaning=None) if one.meaning in SCORES else one for one in (ours, theirs))
    elif ours.meaning != theirs.meaning:
        # A function of numbers is one of plain ones, and so is what it gives.
        return ours, theirs
    ours, theirs = _encoded_alike(ours, theirs)
    for name in ("meaning", "channel_order", "boxes", "padding"):
        ours, theirs = (
            one.replace(**{name: getattr(other, name)}) if getattr(one, name) is None else one
            for one, other in ((ours, theirs), (theirs, ours))
        )
    return ours, theirs


def _stored_alike(ours: Facts, theirs: Facts) -> tuple[Facts, Facts]:
    """Whole numbers without a range may be stored as those of the other side; with one they stand for themselves."""
    if ours.quantization is None and ours.range is None and theirs.quantization is not None:
        return ours.replace(quantization=_along_same(theirs, ours)), theirs
    if theirs.quantization is None and theirs.range is None and ours.quantization is not None:
        return ours, theirs.replace(quantization=_along_same(ours, theirs))
    if ours.quantization is theirs.quantization is ours.normalization is theirs.normalization is None:
        # Of whole numbers that stand for themselves a range is a bound.
        return ours.replace(range=None), theirs.replace(range=None)
    return ours, theirs


def _encoded_alike(ours: Facts, theirs: Facts) -> tuple[Facts, Facts]:
    """Range, mean and deviation say one encoding together: a side that says any of them is not asked."""
    if ours.range is None and ours.normalization is None:
        return ours.replace(range=theirs.range, normalization=_of_colours(theirs, ours)), theirs
    if theirs.range is None and theirs.normalization is None:
        return ours, theirs.replace(range=ours.range, normalization=_of_colours(ours, theirs))
    if raw_range(theirs) is None:
        return ours, theirs.replace(range=raw_range(ours))
    return (ours.replace(range=raw_range(theirs)), theirs) if raw_range(ours) is None else (ours, theirs)


def _along_same(facts: Facts, other: Facts):
    """The quantization of the other side along the axis of the same name."""
    stored = facts.quantization
    if stored.axis is None:
        return stored
    if facts.axes is None or other.axes is None or facts.axes[stored.axis] not in other.axes:
        raise UnclearError("nothing says which axis the scales are of")
    axis = other.axes.index(facts.axes[stored.axis])
    orders = (facts.channel_order, other.channel_order)
    if facts.axes[stored.axis] == "channel" and None not in orders and orders[0] != orders[1]:
        # Each colour has its own, in whichever order they stand.
        turned = {"scale": stored.scale[::-1], "zero_point": stored.zero_point[::-1]}
        return stored.model_copy(update={"axis": axis, **turned})
    return stored.model_copy(update={"axis": axis})


def _of_colours(facts: Facts, other: Facts):
    """The normalization of the same colours where they stand in the other order."""
    numbers = facts.normalization
    if (
        numbers is None
        or None in (facts.channel_order, other.channel_order)
        or facts.channel_order == other.channel_order
    ):
        return numbers
    return numbers.model_copy(update={"mean": numbers.mean[::-1], "std": numbers.std[::-1]})


def raw_range(facts: Facts):
    """The range of the numbers before they were normalized."""
    return facts.range if facts.normalization is None else facts.normalization.raw_range or facts.range


def _is_picture_of_steps(facts: Facts) -> bool:
    """Whether whole numbers may be the nearest to what is meant: pixels, of as many steps as a picture has at least."""
    is_told = facts.meaning == "pixels" or facts.channel_order is not None
    return is_told and facts.range is not None and facts.range[1] - facts.range[0] >= FEWEST_STEPS


def numbers(spec: TensorSpec, facts: Facts, value) -> Numbers:
    """The array that a dense tensor of numbers means."""
    array = np.asarray(value).astype(np.float64)
    names = list(facts.axes) if facts.axes is not None else [None] * array.ndim
    slack = 0.0
    stored = facts.quantization
    if stored is not None:
        scale, zero_point = (_along(array, one, stored.axis) for one in (stored.scale, stored.zero_point))
        array = scale * (array - zero_point)
        slack = 0.502 * max(stored.scale)
    elif spec.dtype in DIGITS:
        slack = 2.0 ** -DIGITS[spec.dtype] * float(np.abs(array).max(initial=0))
    elif facts.meaning in SCORES or _is_picture_of_steps(facts):
        slack = 0.5
    scaled = facts.normalization
    if scaled is not None:
        axis = None if len(scaled.mean) == 1 else _axis(array, names, "channel", len(scaled.mean))
        array = array * _along(array, scaled.std, axis) + _along(array, scaled.mean, axis)
        slack *= max(scaled.std)
    ends = raw_range(facts)
    is_share = ends is not None and facts.meaning not in (*NAMING, "logits", "log_probabilities")
    if facts.meaning in SCORES and facts.meaning != "probabilities":
        array, slack = _shares(array, names, facts.meaning), slack + 1e-4
    elif is_share:
        array, slack = (array - ends[0]) / (ends[1] - ends[0]), slack / (ends[1] - ends[0])
    if facts.channel_order == "BGR":
        array = np.flip(array, _axis(array, names, "channel", 3))
    return replace(_in_order(names, array, slack), is_share=is_share)


def boxes(spec: TensorSpec, facts: Facts, value, other: Facts) -> Numbers:
    """The corners ymin, xmin, ymax, xmax of each box, as shares of the image where a side says what image."""
    told = facts.boxes
    if told is None:
        raise UnclearError("nothing says how boxes are written")
    found = numbers(spec, facts.replace(axes=None, boxes=None), value)
    array = np.moveaxis(np.asarray(found.values).reshape(np.shape(value)), -1, 0)
    if told.order == "yxyx":
        top, left, bottom, right = array
    elif told.order == "xyxy":
        left, top, right, bottom = array
    else:
        across, down, width, height = array
        if told.order == "cxcywh":
            across, down = across - width / 2, down - height / 2
        left, top, right, bottom = across, down, across + width, down + height
    corners = np.stack([top, left, bottom, right], axis=-1)
    units = {one.unit for one in (told, other.boxes) if one is not None} - {None}
    sizes = {one.size for one in (told, other.boxes) if one is not None and one.unit == "pixels"}
    if len(units) == 1 and len(sizes) < 2:
        # One unit: whatever the image is, it is one.
        return replace(found, values=corners, names=(), slack=2 * found.slack)
    if told.unit == "pixels":
        if told.size is None:
            raise UnclearError("nothing says how large the image is")
        height, width = told.size
        corners, found = corners / [height, width, height, width], replace(found, slack=found.slack / min(told.size))
    return replace(found, values=corners, names=(), slack=2 * found.slack)


def is_at_limit(spec: TensorSpec, facts: Facts, value) -> bool:
    """Whether a number is the least or the greatest of its type, as those are that were cut off, or infinite."""
    value = value.values if isinstance(value, RaggedArray | SparseArray) else value
    if spec.dtype not in WHOLE:
        return not np.isfinite(np.asarray(value).astype(np.float64)).all()
    limits = np.iinfo(spec.dtype)
    return bool(np.isin(np.asarray(value), (limits.min, limits.max)).any())


def _along(array: np.ndarray, given, axis: int | None) -> np.ndarray:
    if axis is None:
        return np.asarray(given, np.float64)[0]
    shape = [1] * array.ndim
    shape[axis] = len(given)
    return np.asarray(given, np.float64).reshape(shape)


def _axis(array: np.ndarray, names: list[str | None], name: str, size: int) -> int:
    """The axis of this name, else the only one of this size."""
    if name in names and array.shape[names.index(name)] == size:
        return names.index(name)
    places = [axis for axis, own in enumerate(array.shape) if own == size]
    if len(places) != 1 or name in names:
        raise UnclearError(f"{len(places)} axes of size {size}, none of them named {name}")
    return places[0]


def _shares(array: np.ndarray, names: list[str | None], meaning: str) -> np.ndarray:
    if "class" not in names and (meaning != "log_probabilities" or array.ndim > 1):
        raise UnclearError("no axis is named class")
    if meaning == "log_probabilities":
        return np.exp(array)
    axis = names.index("class")
    if array.shape[axis] == 1:
        return 1 / (1 + np.exp(-array))
    powers = np.exp(array - array.max(axis=axis, keepdims=True, initial=-np.inf))
    return powers / powers.sum(axis=axis, keepdims=True)


def _in_order(names: list[str | None], array: np.ndarray, slack: float) -> Numbers:
    """Without axes of one entry, which hold nothing that could be misplaced; named ones in the order of the names."""
    kept = [axis for axis, size in enumerate(array.shape) if size != 1]
    if all(names[axis] is not None for axis in kept):
        kept.sort(key=lambda axis: str(names[axis]))
    rest = [axis for axis in range(array.ndim) if axis not in kept]
    moved = np.transpose(array, kept + rest)
    return Numbers(tuple(names[axis] for axis in kept), moved.reshape(moved.shape[: len(kept)]), slack)


def are_same(one: Numbers, other: Numbers, *, is_of_scores: bool) -> bool:
    """Whether two arrays mean the same, the second being off by its own slack; unnamed axes may stand in any order."""
    if one.is_share and other.is_share and bool((np.abs(one.values - 0.5) <= 0.5 + one.slack).all()):
        # Rounding carries a number beyond the ends, which is cut off where these are all that can be stored.
        one, other = (replace(found, values=np.clip(found.values, 0, 1)) for found in (one, other))
    slack = other.slack + 2e-5
    if is_of_scores:
        # Scores that are rounded, each for itself, do not add up to 1, and are made to by a softmax.
        slack += one.slack * max(one.values.shape, default=1)
    if None not in one.names and None not in other.names:
        return one.names == other.names and _is_close(one.values, other.values, slack)
    if one.values.ndim != other.values.ndim:
        return False
    return any(
        _is_close(one.values, np.transpose(other.values, order), slack)
        for order in permutations(range(one.values.ndim))
    )


def are_shares(found: Numbers) -> bool:
    """Whether numbers are probabilities: of a single column, or such as add up to 1 over the classes, or an axis."""
    named = [axis for axis, name in enumerate(found.names) if name == "class"]
    if not named and None not in found.names:
        return bool((np.abs(found.values - 0.5) <= 0.5 + found.slack).all())
    slack = 1e-3 + found.slack * max(found.values.shape, default=1)
    axes = named or range(found.values.ndim)
    return any(bool((np.abs(found.values.sum(axis=axis) - 1) <= slack).all()) for axis in axes)


def _is_close(one: np.ndarray, other: np.ndarray, slack: float) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=0, atol=slack, equal_nan=True))


def rows(spec: TensorSpec, facts: Facts, value) -> list[list[object]]:
    """The rows that a tensor means, without what fills them up: entries of several values one after the other."""
    if isinstance(value, RaggedArray):
        splits = value.row_splits[0]
        found = [value.values[start:stop] for start, stop in pairwise(splits)]
    elif isinstance(value, SparseArray):
        found = [value.values[value.indices[:, 0] == row] for row in range(int(value.dense_shape[0]))]
    else:
        found = [_without_padding(row, facts) for row in np.asarray(value)]
    if facts.axes is not None and facts.axes not in {("batch", "time"), ("batch", "time", "feature")}:
        raise UnclearError("rows over other axes than batch and time")
    return [[_as_number(one) for one in row.reshape(-1).tolist()] for row in found]


def numbers_in_rows(spec: TensorSpec, facts: Facts, value) -> tuple[list[int], Numbers]:
    """The lengths of the rows, and the numbers that stand in them one after the other."""
    found = rows(spec, facts, value)
    flat = np.asarray([number for row in found for number in row], np.float64)
    return [len(row) for row in found], numbers(spec, facts.replace(axes=None), flat)


def _without_padding(row: np.ndarray, facts: Facts) -> np.ndarray:
    if facts.padding is None:
        raise UnclearError("nothing says what fills the rows")
    filler = facts.padding.value
    # A float is found as the type has it.
    wanted = filler.encode() if isinstance(filler, str) else np.asarray(filler).astype(row.dtype).item()
    if row.dtype == object and not isinstance(filler, str):
        wanted = b"%d" % filler
    # An entry is filled where all of its values are.
    entries = row.reshape(len(row), prod(row.shape[1:])).tolist()
    places = [at for at, entry in enumerate(entries) if any(one != wanted for one in entry)]
    if not places:
        return row[:0]
    return row[: places[-1] + 1] if facts.padding.side == "post" else row[places[0] :]


def _as_number(one: object) -> object:
    """A number however it is written: ids go by identity, in strings too."""
    if isinstance(one, bytes):
        return float(one)
    return float(one)  # type: ignore[arg-type]  # a number of NumPy or Python
