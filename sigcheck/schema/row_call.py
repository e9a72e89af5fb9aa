"""A row call: a model that is called once for each entry of a batch that stands in front of what it takes.

Of the two models of a link one may be called so. A consumer without a batch of its own, behind a producer with one,
is fed the rows of the outputs. A producer whose batch are the parts of one example, as the frames of a video are for a
model of pictures, is fed all of them at once, and what it gives is split into examples again.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import MadeValue

Called: TypeAlias = Literal["consumer", "producer"]
# How a call says it: `True` is the consumer.
Map: TypeAlias = bool | Called

# What the axis in front is called, where the other axes have names and none has this one.
_BATCH = "batch"


class RowCall(MadeValue):
    """Which of the two models is called row by row, what it is called over, and what it then gives.

    `over` are the tensors whose rows are fed, whole: outputs of the producer, or inputs of the pipeline. `results`
    are the outputs of the model behind all rows; sparse ones, and those of unknown rank or dtype, are left out.
    """

    called: Called = "consumer"
    over: tuple[Endpoint, ...]
    results: tuple[Endpoint, ...]

    @property
    def is_ragged(self) -> bool:
        """Whether rows have different sizes, so that what is made of them may have them too."""
        return any(None in (one.spec.shape or ())[1 : 1 + (one.spec.ragged_rank or 0)] for one in self.over)


def row_of(spec: TensorSpec) -> TensorSpec | None:
    """One row of a dense or ragged tensor; None where it has none, where the first axis is no batch, or has scales.

    A row of a tensor with one ragged axis is dense.

    >>> from sigcheck.schema.notation import parse_spec
    >>> str(row_of(parse_spec("float32[?, 1000]"))), row_of(parse_spec("float32[]"))
    ('float32[1000]', None)
    >>> str(row_of(parse_spec("ragged float32[?, None, 3]")))
    'float32[?, 3]'
    """
    facts, shape = spec.facts, spec.shape
    stored = facts.quantization
    if spec.kind == "sparse" or not shape or (stored is not None and stored.axis == 0):
        return None
    if facts.axes is not None and _BATCH in facts.axes[1:]:
        return None
    if stored is not None and stored.axis is not None:
        stored = stored.model_copy(update={"axis": stored.axis - 1})
    axes = None if facts.axes is None else facts.axes[1:]
    left = max(0, (spec.ragged_rank or 0) - 1)
    row = _of_ragged_rank(spec, left) if spec.kind == "ragged" else {}
    return spec.replace(shape=shape[1:], facts=facts.replace(axes=axes, quantization=stored), **row)


def rows_of(spec: TensorSpec, size: int | None = None, *, is_ragged: bool = False) -> TensorSpec | None:
    """The tensor whose rows are of this spec; None where no dense or ragged tensor holds them.

    With `is_ragged` a size that is not known may be another in each row.

    >>> from sigcheck.schema.notation import parse_spec
    >>> str(rows_of(parse_spec("float32[?, 521]"))), str(rows_of(parse_spec("float32[?, 521]"), is_ragged=True))
    ('float32[?, ?, 521]', 'ragged float32[?, None, 521]')
    """
    facts, shape = spec.facts, spec.shape
    if spec.kind == "sparse" or shape is None or spec.dtype is None:
        return None
    open_axes = [axis for axis, open_size in enumerate(shape, start=1) if open_size is None] if is_ragged else []
    ragged_rank = max(0 if spec.ragged_rank is None else spec.ragged_rank + 1, *open_axes, 0)
    stored = facts.quantization
    if stored is not None and stored.axis is not None:
        stored = stored.model_copy(update={"axis": stored.axis + 1})
    axes = None if facts.axes is None else (None if _BATCH in facts.axes else _BATCH, *facts.axes)
    rows = _of_ragged_rank(spec, ragged_rank)
    # Of as many axes as tensors have at most there is no row.
    return spec.replace_if_valid(shape=(size, *shape), facts=facts.replace(axes=axes, quantization=stored), **rows)


def _of_ragged_rank(spec: TensorSpec, rank: int) -> dict[str, Any]:
    """The fields of a spec with so many ragged axes."""
    if not rank:
        return {"kind": "dense", "ragged_rank": None, "row_splits_dtype": None}
    return {"kind": "ragged", "ragged_rank": rank, "row_splits_dtype": spec.row_splits_dtype or "int64"}
