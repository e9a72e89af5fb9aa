"""Agreement of facts: which known facts differ, and which cannot be compared.

Ranges are ends of encodings: [0, 255] against [0, 1] differ although the one holds the
other. Only of whole numbers, and of values that name or count things, a range is a bound. All
ranges are of real values, those of quantized numbers too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sigcheck.schema.axis_agreement import axes_of_other_words, have_other_axes, may_be_swapped
from sigcheck.schema.box_agreement import differ, is_open_box
from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.dtype import DTYPES, rounded
from sigcheck.schema.facts import Facts, Padding, Quantization, Range
from sigcheck.schema.feature_agreement import feature_differences
from sigcheck.schema.id_agreement import are_ids, has_id_conflict, id_bound
from sigcheck.schema.meaning import CATEGORICAL, RAW
from sigcheck.schema.meaning_agreement import beyond_meaning
from sigcheck.schema.stored_values import held_values
from sigcheck.schema.tensor_spec import COMPARED, TensorSpec
from sigcheck.schema.value_range import own_raw_range

# Facts whose conversion changes values; the others only move or bound them.
VALUE_FACTS = frozenset({"range", "normalization", "quantization", "meaning", "boxes"})

# What is compared as soon as both sides say it.
_ONE_SIDED = ("channel_order", "features", "padding")

# Whole numbers that stand for themselves.
AS_IT_IS = Quantization.model_construct(scale=(1.0,), zero_point=(0,), axis=None)


def conflicts(provided: TensorSpec, required: TensorSpec) -> tuple[str, ...]:
    """Names of the facts that are known well enough to say that they disagree."""
    # A search asks it of each spec for every transform that looks at the values.
    own = provided.__dict__
    known: tuple[TensorSpec, tuple[str, ...]] | None = own.get(COMPARED)
    if known is None or known[0] is not required:
        known = own[COMPARED] = (required, _conflicts(provided, required))
    return known[1]


@lru_cache(maxsize=MOST_REMEMBERED)
def _conflicts(provided: TensorSpec, required: TensorSpec) -> tuple[str, ...]:
    ours, theirs = provided.facts, required.facts
    if ours == theirs:
        return ()
    found = []
    if have_other_axes(provided, required):
        found.append("axes")
    if has_quantization_conflict(provided, required):
        found.append("quantization")
    if _has_normalization_conflict(provided, required):
        found.append("normalization")
    elif _has_range_conflict(provided, required):
        found.append("range")
    if _has_meaning_conflict(ours, theirs):
        found.append("meaning")
    if has_id_conflict(ours, theirs):
        found.append("id_count")
    found += _conflicts_of_pictures(ours, theirs)
    if ours.features and theirs.features and any(feature_differences(ours.features, theirs.features)):
        found.append("features")
    if ours.padding and theirs.padding and not is_same_padding(provided, ours.padding, theirs.padding):
        found.append("padding")
    return tuple(found)


def _has_meaning_conflict(ours: Facts, theirs: Facts) -> bool:
    if ours.meaning and theirs.meaning:
        return ours.meaning != theirs.meaning and not _are_raw(ours, theirs)
    return beyond_meaning(ours, theirs) is not None


def _are_raw(ours: Facts, theirs: Facts) -> bool:
    """Whether both are the bytes of numbers, of which one side says no more."""
    return "bytes" in {ours.meaning, theirs.meaning} and bool({ours.meaning, theirs.meaning} & RAW)


def _conflicts_of_pictures(ours: Facts, theirs: Facts) -> Iterator[str]:
    """Yields what is known of colours, and of boxes, and disagrees."""
    if ours.channel_order and theirs.channel_order and ours.channel_order != theirs.channel_order:
        yield "channel_order"
    if ours.boxes and theirs.boxes and differ(ours.boxes, theirs.boxes):
        yield "boxes"


def undeclared(provided: TensorSpec, required: TensorSpec) -> tuple[str, ...]:
    """Names of the facts that could not be compared, because a side does not know them.

    The value range counts wherever numbers pass, the names of axes wherever two that are open could stand for
    one another, the other facts where one side knows them. Axes count too where both sides name them in other
    words: that the words are for one axis nobody says.
    """
    ours, theirs = provided.facts, required.facts
    is_open = ours.axes is None and theirs.axes is None and may_be_swapped(provided, required)
    found = []
    if (ours.axes is None) != (theirs.axes is None) or is_open or axes_of_other_words(provided, required):
        found.append("axes")
    settled = conflicts(provided, required)
    is_encoded = ours.normalization is not None and theirs.normalization is not None
    is_quantized = ours.quantization is not None and theirs.quantization is not None
    if (ours.quantization is None) != (theirs.quantization is None) and "quantization" not in settled:
        found.append("quantization")
    if (ours.normalization is None) != (theirs.normalization is None) and "normalization" not in settled:
        found.append("normalization")
    elif not is_encoded and not is_quantized and not _are_boxes(ours, theirs) and _are_numbers(provided, required):
        is_bounded = id_bound(ours) is not None and id_bound(theirs) is not None
        if (ours.range is None or theirs.range is None) and not is_bounded:
            found.append("range")
    is_meant_by_one = (ours.meaning is None) != (theirs.meaning is None) and "meaning" not in settled
    if is_meant_by_one or (ours.meaning == "bytes" and theirs.meaning in RAW):
        found.append("meaning")
    if (theirs.id_count is not None and id_bound(ours) is None) or (ours.id_count is not None and not id_bound(theirs)):
        found.append("id_count")
    is_of_boxes = is_open_box(ours.boxes, theirs.boxes)
    one_sided = {name: (getattr(ours, name) is None) != (getattr(theirs, name) is None) for name in _ONE_SIDED}
    found += [name for name, is_told in {**one_sided, "boxes": is_of_boxes}.items() if is_told]
    return tuple(found)


def raw_range(provided: Facts, required: Facts) -> Range | None:
    """The range of the values that the consumer's mean and std are meant for.

    Its own raw_range, else its declared range, else what the producer gives.
    """
    if required.normalization is None:
        return None
    return own_raw_range(required) or provided.range


def are_near(one: Range | None, other: Range | None, step: float) -> bool:
    """Whether two ranges are the same to within one quantization step at each end; unknown ones do not differ."""
    if one is None or other is None:
        return True
    return all(abs(a - b) <= step for a, b in zip(one, other, strict=True))


def _step(*specs: TensorSpec) -> float:
    return max((max(spec.facts.quantization.scale) for spec in specs if spec.facts.quantization), default=0.0)


def is_same_padding(provided: TensorSpec, ours: Padding, theirs: Padding) -> bool:
    """Whether rows are filled alike: with one number of their type, which finds it by equality."""
    if ours.side != theirs.side:
        return False
    one, other = ours.value, theirs.value
    if not _is_float(provided) or isinstance(one, str) or isinstance(other, str):
        return one == other
    return rounded(one, provided.dtype) == rounded(other, provided.dtype)


def has_quantization_conflict(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether quantized numbers would be read as real ones, real as quantized, or by another scale."""
    ours, theirs = provided.facts.quantization, required.facts.quantization
    if ours is not None and theirs is not None:
        return ours != theirs or provided.dtype != required.dtype
    if ours is not None:
        return _is_float(required) or numbers_held(required) not in {None, ours}
    if theirs is not None:
        # Whole numbers of another type are no codes of this one, and nothing says which real ones they are.
        is_unknown = numbers_held(provided) is None and not _is_float(provided)
        return provided.dtype != required.dtype if is_unknown else numbers_held(provided) != theirs
    return False


def numbers_held(spec: TensorSpec) -> Quantization | None:
    """How the whole numbers of a spec are read: by its quantization; as they are where their range is declared.

    None where nothing says it, and of other numbers.

    >>> from sigcheck.schema.notation import parse_spec
    >>> byte = parse_spec("uint8[?]")
    >>> numbers_held(byte), numbers_held(byte.replace(facts=Facts(range=(0, 255)))).scale
    (None, (1.0,))
    """
    if spec.facts.quantization is not None:
        return spec.facts.quantization
    is_whole = spec.dtype is not None and DTYPES[spec.dtype].kind in {"int", "uint"}
    return AS_IT_IS if is_whole and spec.facts.range is not None else None


def _is_float(spec: TensorSpec) -> bool:
    return spec.dtype is not None and DTYPES[spec.dtype].kind == "float"


def _has_normalization_conflict(provided: TensorSpec, required: TensorSpec) -> bool:
    ours, theirs = provided.facts, required.facts
    if ours.normalization is not None and theirs.normalization is not None:
        same = (ours.normalization.mean, ours.normalization.std) == (
            theirs.normalization.mean,
            theirs.normalization.std,
        )
        ranges = (own_raw_range(ours), own_raw_range(theirs))
        return not same or (None not in ranges and ranges[0] != ranges[1])
    if theirs.normalization is not None:
        return ours.range is not None
    return ours.normalization is not None and theirs.range is not None


def _has_range_conflict(provided: TensorSpec, required: TensorSpec) -> bool:
    ours, theirs = provided.facts, required.facts
    if _are_boxes(ours, theirs):
        # The unit says what a coordinate is of: a range bounds it at most.
        return False
    if ours.range is None or theirs.range is None or ours.normalization or theirs.normalization:
        return False
    if is_bound(provided, required):
        # What ids may be is compared as such.
        is_inside = theirs.range[0] <= ours.range[0] and ours.range[1] <= theirs.range[1]
        return not is_inside and not (are_ids(ours) or are_ids(theirs))
    step = _step(provided, required)
    if are_near(ours.range, theirs.range, step):
        return False
    # Numbers of one quantization that stops short of what it was made for lack the same of it.
    is_same = ours.quantization is not None and ours.quantization == theirs.quantization
    return not (is_same and are_near(held_values(provided), held_values(required), step))


def is_bound(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether ranges only bound the values here, instead of being the ends of an encoding.

    Quantized numbers are whole, and what they stand for is not; pixels of another type are others by its range.
    """
    sides = (provided, required)
    if all(spec.facts.meaning == "mask" for spec in sides):
        # What marks an entry is written as the upper end: 1 and 255 are two ways to write it.
        return False
    if any(spec.facts.meaning in CATEGORICAL or spec.facts.id_count is not None for spec in sides):
        return True
    if any(spec.facts.quantization is not None for spec in sides):
        return False
    if provided.dtype != required.dtype and any(spec.facts.meaning == "pixels" for spec in sides):
        return False
    return all(spec.dtype is not None and DTYPES[spec.dtype].kind in {"int", "uint", "bool"} for spec in sides)


def _are_numbers(*specs: TensorSpec) -> bool:
    return all(spec.dtype is not None and DTYPES[spec.dtype].kind in {"float", "int", "uint"} for spec in specs)


def _are_boxes(ours: Facts, theirs: Facts) -> bool:
    """Whether both sides say what boxes are: their unit says more than a range."""
    return ours.boxes is not None and theirs.boxes is not None
