"""A row call: a model that is called once for each entry of a batch that stands in front of what it takes.

Of the two models of a link one may be called so. A consumer without a batch of its own, behind a producer with one,
is fed the rows of the outputs. A producer whose batch are the parts of one example, as the frames of a video are for a
model of pictures, is fed all of them at once, and what it gives is split into examples again.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import Value

Called: TypeAlias = Literal["consumer", "producer"]
# How a call says it: `True` is the consumer.
Map: TypeAlias = bool | Called

# What the axis in front is called, where the other axes have names and none has this one.
_BATCH = "batch"


class RowCall(Value):
    """Which of the two models is called row by row, what it is called over, and what it then gives.

    `over` are the tensors whose rows are fed, whole: outputs of the producer, or inputs of the pipeline. `results`
    are the outputs of the model behind all rows; those that no dense tensor holds are left out.
    """

    called: Called = "consumer"
    over: tuple[Endpoint, ...]
    results: tuple[Endpoint, ...]


def row_of(spec: TensorSpec) -> TensorSpec | None:
    """One row of a dense tensor; None where it has none, where the first axis is not its batch, or has scales.

    >>> from sigcheck.schema.notation import parse_spec
    >>> str(row_of(parse_spec("float32[?, 1000]"))), row_of(parse_spec("float32[]"))
    ('float32[1000]', None)
    """
    facts, shape = spec.facts, spec.shape
    stored = facts.quantization
    if spec.kind != "dense" or not shape or (stored is not None and stored.axis == 0):
        return None
    if facts.axes is not None and _BATCH in facts.axes[1:]:
        return None
    if stored is not None and stored.axis is not None:
        stored = stored.model_copy(update={"axis": stored.axis - 1})
    axes = None if facts.axes is None else facts.axes[1:]
    return spec.replace(shape=shape[1:], facts=facts.replace(axes=axes, quantization=stored))


def rows_of(spec: TensorSpec, size: int | None = None) -> TensorSpec | None:
    """The tensor whose rows are of this spec; None where no dense tensor holds them.

    >>> from sigcheck.schema.notation import parse_spec
    >>> str(rows_of(parse_spec("float32[?, 521]")))
    'float32[?, ?, 521]'
    """
    facts, shape = spec.facts, spec.shape
    if spec.kind != "dense" or shape is None or spec.dtype is None:
        return None
    stored = facts.quantization
    if stored is not None and stored.axis is not None:
        stored = stored.model_copy(update={"axis": stored.axis + 1})
    axes = None if facts.axes is None else (None if _BATCH in facts.axes else _BATCH, *facts.axes)
    return spec.replace(shape=(size, *shape), facts=facts.replace(axes=axes, quantization=stored))
