"""Flat rows: a ragged tensor of values that stand behind one another, and of what says where its rows are."""

from __future__ import annotations

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, to_dense
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.kernels import MOVED

# What row lengths, row splits and row numbers are stored in.
COUNTED = frozenset({"int32", "int64"})
_SPLITS = "int64"


def check_values(values: TensorSpec) -> None:
    """Raises JunctionError unless these may be the values of rows."""
    if values.kind != "dense" or values.dtype not in MOVED or not values.shape:
        problem = f"the values are {values}, expected a dense tensor of rank 1 at least"
        raise JunctionError(problem, cure=to_dense(values))


def check_counts(counts: TensorSpec, word: str, values: TensorSpec) -> None:
    """Raises JunctionError unless these whole numbers may say where the rows of the values are."""
    if counts.kind != "dense" or counts.dtype not in COUNTED or counts.shape is None or len(counts.shape) != 1:
        problem = f"the {word} are {counts}, expected int32 or int64 of rank 1"
        raise JunctionError(problem, cure=to_dense(counts))
    if values.facts.meaning == "lengths" and counts.facts.meaning is None:
        raise JunctionError("the values are declared as lengths", cure="name the values first")


def check_rows(required: TensorSpec) -> None:
    """Raises JunctionError unless rows are required, or a dense tensor that they fill, of a rank that is known."""
    is_row = required.kind == "dense" or (required.kind == "ragged" and required.ragged_rank == 1)
    if not is_row or required.shape is None:
        raise JunctionError(f"{required} is required, expected rows of known rank with one ragged axis")


def check_flat(values: TensorSpec, required: TensorSpec) -> None:
    """Raises JunctionError unless the values have one axis less than the rows that are required."""
    check_rows(required)
    if len(values.shape or ()) != len(required.shape or ()) - 1:
        raise JunctionError(f"the values are {values}, which are not the values of {required}")


def flat_result(values: TensorSpec, required: TensorSpec, rows: int | None, row_name: str | None) -> TensorSpec:
    """The spec of the rows of flat values; `row_name` is what their axis is called, where that is known."""
    facts = carried.moved(carried.without_origins(values.facts).replace(padding=None), len(values.shape or ()), 1, 0)
    names = facts.axes
    # One name for the rows and for all their values would be said of two axes.
    facts = facts.replace(
        axes=None if names is None else (row_name, *(None if one == row_name else one for one in names))
    )
    return ragged(values, required, (rows, None, *(values.shape or ())[1:])).replace(facts=facts)


def ragged(values: TensorSpec, required: TensorSpec, shape: tuple[int | None, ...]) -> TensorSpec:
    """A ragged spec of the values' dtype, its row splits as they are required."""
    splits = required.row_splits_dtype if required.kind == "ragged" else None
    return TensorSpec(kind="ragged", dtype=values.dtype, shape=shape, ragged_rank=1, row_splits_dtype=splits or _SPLITS)
