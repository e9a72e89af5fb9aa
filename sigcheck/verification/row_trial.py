"""Row trial: an adapter that calls the consumer row by row, run on whole batches and held against its rows.

What each row must give is what the references make of it alone, by the steps of the bindings. Of no rows there are
none: the sizes that one would have are those that are known, and 0 where none is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sigcheck.schema.report import Binding
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, dense, numpy_dtype
from sigcheck.verification.job import Job
from sigcheck.verification.precision import Precision, measure_binding
from sigcheck.verification.reference import allowed_of_binding
from sigcheck.verification.trial import Expected, Trial


def row_ends(job: Job) -> dict[str, TensorSpec]:
    """What the adapter gives of one row, by required name."""
    return {binding.required: binding.end for binding in job.bindings}


class RowTrial(Trial):
    """A trial whose values are whole batches, and whose references are of one row."""

    def lifted(self, shapes: Sequence[Shape]) -> list[Shape]:
        """The shapes of whole batches of which these are those of a row."""
        return [(None, *shape) for shape in shapes]

    def expect(self, bindings: Sequence[Binding], values: Mapping[str, Tensor]) -> Expected:
        """What the bindings make of each row, one by one; None where a guard refuses one. Raises as a trial."""
        import numpy as np

        if len({len(dense(value)) for value in values.values()}) > 1:
            return None
        rows = [super(RowTrial, self).expect(bindings, row) for row in _rows(values)]
        kept = [row for row in rows if row is not None]
        if len(kept) < len(rows):
            return None
        ends = {binding.required: binding.end for binding in bindings}
        return {
            name: np.stack([dense(row[name]) for row in kept]) if kept else _nothing(end) for name, end in ends.items()
        }

    def allowed(self, binding: Binding, values: Mapping[str, Tensor], want: Tensor) -> Array | None:
        """By how much each value of each row may differ."""
        import numpy as np

        pairs = zip(_rows(values), dense(want), strict=True)
        allowed = [allowed_of_binding(self.catalog, binding, row, made) for row, made in pairs]
        found = [one for one in allowed if one is not None]
        return np.stack(found) if found and len(found) == len(allowed) else None

    def measured(self, binding: Binding, values: Mapping[str, Tensor], got: Tensor) -> Precision | None:
        """The largest error of any row."""
        precision: Precision | None = None
        for row, given in zip(_rows(values), dense(got), strict=True):
            found = measure_binding(self.catalog, binding, row, given)
            precision = precision if found is None else found.joined(precision)
        return precision


def trial_of(job: Job) -> type[Trial]:
    """The trial of a job."""
    return Trial if job.rows is None else RowTrial


def _rows(values: Mapping[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    """Yields the rows of values that have as many of them."""
    import numpy as np

    for at in range(len(dense(next(iter(values.values()))))):
        # A row without axes is an array, and no number.
        yield {name: np.asarray(dense(value)[at], dense(value).dtype) for name, value in values.items()}


def _nothing(end: TensorSpec) -> Array:
    import numpy as np

    return np.zeros((0, *(size or 0 for size in end.shape or ())), numpy_dtype(end.dtype or "float32"))
