"""Max length: rows of varying length before an input that takes any, as rows of the length that was chosen."""

from __future__ import annotations

from sigcheck.planning.named_rows import with_row_names
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.rows import named_row_axis

# Rows lie along the first axis, and their entries along this one, where no name says otherwise.
LENGTH_AXIS = 1
_BATCH = "batch"


def has_rows(spec: TensorSpec) -> bool:
    """Whether rows of a tensor may be of varying length: it is ragged along them, or its padding is declared."""
    if spec.rank is None or spec.rank <= LENGTH_AXIS:
        return False
    return (spec.kind == "ragged" and spec.ragged_rank == 1) or spec.facts.padding is not None


def with_length(provided: TensorSpec, required: TensorSpec, length: int | None) -> TensorSpec:
    """What the input takes, with the length of its rows where it leaves that open and the output has such rows."""
    shape = required.shape
    if length is None or shape is None or len(shape) <= LENGTH_AXIS:
        return required
    # The lengths of rows say of a mask how far each goes, and not how long it is.
    if not has_rows(provided) and (provided.facts.meaning, required.facts.meaning) != ("lengths", "mask"):
        return required
    axis = _length_axis(provided, required)
    if required.kind != "dense" or axis is None or shape[axis] is not None:
        return required
    return required.replace_if_valid(shape=(*shape[:axis], length, *shape[axis + 1 :])) or required


def _length_axis(provided: TensorSpec, required: TensorSpec) -> int | None:
    """The axis of the input along which the rows of the output lie, by their names; None where names do not say."""
    theirs, ours = required.facts.axes, with_row_names(provided, required).facts.axes
    if theirs is None:
        return LENGTH_AXIS
    name = ours[LENGTH_AXIS] if ours is not None and provided.kind == "ragged" else None
    if name not in {None, _BATCH} and name in theirs:
        return theirs.index(name)
    named = named_row_axis(theirs)
    return named if named is not None or _BATCH in theirs[1:] else LENGTH_AXIS
