"""Named rows: which axes of rows are meant by a side that has its batch, or the steps of a row, elsewhere.

Rows of a ragged tensor, and rows that are declared to be filled up, lie along the second axis where nobody names it.
Taken place by place, examples would be steps, and steps examples, or the numbers of one step.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.rows import named_row_axis, places_of_rows

_BATCH = "batch"
# A batch, and rows.
_RANK, _ROW = 2, 1


def with_row_names(spec: TensorSpec, other: TensorSpec) -> TensorSpec:
    """The spec with its rows called as the other side calls its own, where that has them in another place.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.notation import parse_spec
    >>> turned = parse_spec("int32[9, ?]").replace(facts=Facts(axes=("time", "batch")))
    >>> with_row_names(parse_spec("ragged int32[?, None]"), turned).facts.axes
    ('batch', 'time')
    >>> with_row_names(parse_spec("int32[?, ?]"), turned).facts.axes
    >>> last = parse_spec("float32[?, 4, ?]").replace(facts=Facts(axes=("batch", "feature", "time")))
    >>> with_row_names(parse_spec("ragged float32[?, None, 4]"), last).facts.axes
    ('batch', 'time', 'feature')
    """
    theirs, rank = other.facts.axes, spec.rank
    if spec.facts.axes is not None or theirs is None or rank is None or _BATCH not in theirs:
        return spec
    place = _row_place(spec)
    if place is None:
        return spec
    batch, row = theirs.index(_BATCH), named_row_axis(theirs)
    if batch == 0 and row in {None, 1}:
        return spec
    rest = tuple(name for at, name in enumerate(theirs) if at not in {batch, row})
    # What is one axis alone, or stays where it is, has no other name.
    is_clear = len(rest) == rank - _RANK and (len(rest) == 1 or rest == theirs[_RANK:])
    left: list[str | None] = [*rest] if is_clear else [None] * (rank - _RANK)
    left.insert(place - 1, None if row is None else theirs[row])
    names = (_BATCH, *left)
    if _is_contradicted(spec, names, other):
        return spec
    return spec.replace(facts=spec.facts.replace(axes=names))


def _is_contradicted(spec: TensorSpec, names: tuple[str | None, ...], other: TensorSpec) -> bool:
    """Whether sizes say that the axes are none that the other side has by these names, but those at their places."""
    # Of an unknown rank nothing is said.
    places = places_of_rows(other, len(names))
    axes, shape = other.facts.axes or (), other.shape or ()
    # A batch is not what rows lie along.
    if places is None or axes[places[_ROW]] == _BATCH:
        return False
    named = dict(zip(axes, shape, strict=True))
    return not _may_be(spec, [named.get(name or "") for name in names]) and _may_be(spec, [shape[at] for at in places])


def _may_be(spec: TensorSpec, sizes: Sequence[int | None]) -> bool:
    """Whether the axes may have these sizes; rows may differ in length."""
    pairs = enumerate(zip(spec.shape or (), sizes, strict=True))
    return all(at == _ROW or None in pair or pair[0] == pair[1] for at, pair in pairs)


def _row_place(spec: TensorSpec) -> int | None:
    """The axis along which rows lie where nothing names it: the one behind the batch, but for axes of one entry."""
    if spec.kind == "ragged":
        return _ROW if spec.ragged_rank == 1 else None
    if spec.kind != "dense" or spec.facts.padding is None or spec.shape is None or len(spec.shape) < _RANK:
        return None
    longer = [axis for axis, size in enumerate(spec.shape) if axis and size != 1]
    if len(spec.shape) == _RANK:
        return _ROW
    return longer[0] if len(longer) == 1 else None
