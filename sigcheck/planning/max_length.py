"""Max length: rows of varying length before an input that takes any, as rows of the length that was chosen."""

from __future__ import annotations

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.rows import named_row_axis

# Rows lie along the first axis, and their entries along this one, where no name says otherwise.
LENGTH_AXIS = 1


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
    axes = required.facts.axes
    axis = named_row_axis(axes) if axes is not None and "batch" in axes[1:] else LENGTH_AXIS
    if required.kind != "dense" or axis is None or shape[axis] is not None:
        return required
    return required.replace(shape=(*shape[:axis], length, *shape[axis + 1 :]))
