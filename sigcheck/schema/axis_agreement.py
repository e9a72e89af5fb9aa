"""Agreement of axes: what the names of axes on the two sides say of one another, and what no name says."""

from __future__ import annotations

from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# Many matrices; a picture has its channels too, so many or unnoted.
_MATRICES = 3
_CHANNEL_COUNTS = frozenset({1, 3, 4})

# Names of axes that are no other names of one another, as those of two vocabularies may be.
_PICTURE_AXES = frozenset({"batch", "height", "width", "channel"})

# Names of what one example is made of: none of these axes is the batch.
WITHIN_EXAMPLE = frozenset(
    {"channel", "channels", "class", "classes", "depth", "embedding", "feature", "features", "frequency", "height"}
    | {"label", "labels", "position", "time", "token", "tokens", "width"}
)


def are_other_axes(name: str | None, wanted: str | None) -> bool:
    """Whether two names are known to be of different axes.

    >>> are_other_axes("channel", "batch"), are_other_axes("position", "time"), are_other_axes(None, "batch")
    (True, False, False)
    """
    if name == wanted:
        return False
    return (name in _PICTURE_AXES and wanted in _PICTURE_AXES) or (
        "batch" in {name, wanted} and not WITHIN_EXAMPLE.isdisjoint({name, wanted})
    )


def is_one_axis(provided: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the axis at this place may be one on both sides, so that it is only too short or too long.

    Names that differ are of other axes here, even where they may be words for one: bins of
    frequencies are no samples, and a size that differs is what shows it.
    """
    ours, theirs = provided.facts.axes, required.facts.axes
    if ours is None or theirs is None or max(len(ours), len(theirs)) <= axis:
        return True
    return ours[axis] is None or theirs[axis] is None or ours[axis] == theirs[axis]


def axes_of_other_words(provided: TensorSpec, required: TensorSpec) -> tuple[int, ...]:
    """The places where both sides have a name, another one, and more than one entry may stand.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.notation import parse_spec
    >>> one, other = (parse_spec("int32[?, 1]").replace(facts=Facts(axes=axes)) for axes in (("a", "b"), ("c", "d")))
    >>> axes_of_other_words(one, other)
    (0,)
    """
    ours, theirs = provided.facts.axes, required.facts.axes
    if ours is None or theirs is None or len(ours) != len(theirs):
        return ()
    sizes = provided.shape or (None,) * len(ours)
    return tuple(
        axis
        for axis, (name, wanted, size) in enumerate(zip(ours, theirs, sizes, strict=True))
        if name is not None and wanted is not None and name != wanted and size != 1
    )


def have_other_axes(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether a name stands where the consumer has another axis, or has it elsewhere."""
    ours, theirs = provided.facts.axes, required.facts.axes
    if ours is None or theirs is None:
        return False
    if len(ours) != len(theirs):
        # Of known ranks the shapes say so.
        return required.shape is None
    return any(has_other_axis(provided, required, axis) for axis in range(len(ours)))


def has_other_axis(provided: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the consumer has at this place another axis than the one that is provided there, as far as names say.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.notation import parse_spec
    >>> one, other = (parse_spec("float32[?, 8]").replace(facts=Facts(axes=axes)) for axes in (("a", "b"), ("b", "c")))
    >>> has_other_axis(one, other, 0), has_other_axis(one, other, 1)
    (True, True)
    """
    ours, theirs = provided.facts.axes, required.facts.axes
    if ours is None or theirs is None:
        return False
    name, wanted = ours[axis], theirs[axis]
    if name == wanted:
        return False
    if (name is not None and name in theirs) or (wanted is not None and wanted in ours):
        return True
    # One entry is as good a batch as it is a channel.
    return are_other_axes(name, wanted) and not (provided.shape is not None and provided.shape[axis] == 1)


def may_be_swapped(provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether no size tells one axis from another: both sides leave two open, or have two of one size.

    Height and width of a picture are no such two: all write them in one order. Of a picture that is as high or as
    wide as it has channels no size tells where these stand.
    """
    ours, theirs = provided.shape or (), required.shape or ()
    if len(ours) != len(theirs):
        return False
    sizes = [a for a, b in zip(ours, theirs, strict=True) if a == b and a != 1]
    if sizes.count(None) > 1:
        return True
    alike = [size for size in {*sizes} - {None} if sizes.count(size) > 1]
    return any(not _is_extent(size, ours, theirs) for size in alike)


def _is_extent(size: int | None, ours: Shape, theirs: Shape) -> bool:
    """Whether the two axes of this size are height and width: beside them channels stand, so many or unnoted."""
    if len(ours) <= _MATRICES or ours.count(size) > 2:  # noqa: PLR2004  # height and width
        return False
    return any(a in _CHANNEL_COUNTS or b in _CHANNEL_COUNTS for a, b in zip(ours, theirs, strict=True) if a != size)
