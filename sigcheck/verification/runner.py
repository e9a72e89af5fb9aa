"""A runner: what executes an adapter and models for the judge, here or in a worker.

It gives tensors and says nothing of whether they are right: what they are compared with it
never sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import Value
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor
from sigcheck.verification.job import Job, Models

Tensors = Mapping[str, Tensor]


class AdapterError(Exception):
    """The adapter does not do what an adapter must: the message says what it did."""


class RefusedError(Exception):
    """What was run refused these values, as a guard does."""


class FailedError(Exception):
    """What was run failed on these values in another way than a guard does."""


class LoadError(Exception):
    """A model cannot be loaded or called: the message says why."""


class TracedOutput(Value):
    """What tracing shows of one output: its spec, or why it is none; and whether TensorFlow takes it as required."""

    spec: TensorSpec | None = None
    is_taken: bool = True
    problem: str | None = None


class Traced(Value):
    """What an adapter gives by tracing: its outputs by name, or what it gives in place of a dict."""

    outputs: Mapping[str, TracedOutput] | None = None
    kind: str = "dict"


class Runner(Protocol):
    """One adapter at a time, and the models around it."""

    def trace(self, job: Job) -> Traced:
        """Loads the job's adapter and traces it with the provided specs. Raises AdapterError."""

    def run(self, values: Tensors) -> dict[str, Tensor]:
        """What the traced adapter gives for values by provided name. Raises RefusedError and FailedError."""

    def load(self, models: Models) -> None:
        """Loads the models around the adapter. Raises LoadError."""

    def produce(self, inputs: Sequence[Tensors]) -> dict[str, Tensor]:
        """What all producers give for the inputs of each. Raises FailedError."""

    def consume(self, adapted: Tensors) -> dict[str, Tensor]:
        """What the consumer gives. Raises FailedError."""

    def run_together(self, inputs: Sequence[Tensors]) -> dict[str, Tensor]:
        """What the consumer gives, producers, adapter and consumer being one graph. Raises FailedError."""


def spec_of(tensor: Tensor) -> TensorSpec:
    """The narrowest spec of a tensor: an axis of ragged rows has a size only where all rows are as long."""
    import numpy as np

    values = tensor.values if isinstance(tensor, RaggedArray | SparseArray) else tensor
    dtype = "string" if values.dtype.kind in "OS" else str(values.dtype)
    if isinstance(tensor, SparseArray):
        return TensorSpec(kind="sparse", dtype=dtype, shape=tuple(int(size) for size in tensor.dense_shape))
    if not isinstance(tensor, RaggedArray):
        return TensorSpec(dtype=dtype, shape=tensor.shape)
    sizes: list[int | None] = [len(tensor.row_splits[0]) - 1]
    for splits in tensor.row_splits:
        lengths = np.unique(np.diff(splits))
        sizes.append(int(lengths[0]) if len(lengths) == 1 else None)
    return TensorSpec(
        kind="ragged",
        dtype=dtype,
        shape=(*sizes, *tensor.values.shape[1:]),
        ragged_rank=len(tensor.row_splits),
        row_splits_dtype=str(tensor.row_splits[0].dtype),
    )
