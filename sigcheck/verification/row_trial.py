"""Row trial: an adapter that calls the consumer row by row, run on whole batches and held against its rows.

What each row must give is what the references make of it alone, by the steps of the bindings. Of no rows there are
none: the sizes that one would have are those that are known, and 0 where none is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sigcheck.schema.report import Binding
from sigcheck.schema.row_call import rows_of
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor
from sigcheck.verification.job import Job
from sigcheck.verification.joined_cases import joined_cases
from sigcheck.verification.precision import Precision, measure_binding
from sigcheck.verification.reference import allowed_of_binding, values_of
from sigcheck.verification.tensor_rows import even, joined_rows, no_rows, one_by_one, row_at, row_count
from sigcheck.verification.trial import Expected, Trial
from sigcheck.verification.value_cases import ValueCase


def row_ends(job: Job) -> dict[str, TensorSpec]:
    """What the adapter gives of all rows, by required name."""
    ends = {}
    required = {one.name: one.spec for one in job.required}
    for binding in job.bindings:
        whole = required[binding.required]
        # What is ragged is so as the consumer leaves its sizes open, not as the steps happen to give them.
        end = rows_of(binding.end) if whole.kind == "dense" else None
        ends[binding.required] = whole if end is None else end
    return ends


class RowTrial(Trial):
    """A trial whose values are whole batches, and whose references are of one row."""

    def lifted(self, shapes: Sequence[Shape]) -> list[Shape]:
        """The shapes of whole batches of which these are those of a row."""
        return [(None, *shape) for shape in shapes]

    def expect(self, bindings: Sequence[Binding], values: Mapping[str, Tensor]) -> Expected:
        """What the bindings make of each row, one by one; None where a guard refuses one. Raises as a trial."""
        if len({row_count(value) for value in values.values()}) > 1:
            return None
        rows = [super(RowTrial, self).expect(bindings, row) for row in one_by_one(values)]
        kept = [row for row in rows if row is not None]
        if len(kept) < len(rows):
            return None
        ends = {name: end for name, end in row_ends(self.job).items() if name in {one.required for one in bindings}}
        return {
            name: joined_rows([row[name] for row in kept], end) if kept else no_rows(end) for name, end in ends.items()
        }

    def joined(
        self,
        group: Sequence[Endpoint],
        bindings: Sequence[Binding],
        wanted: Sequence[Shape],
        numbers: Collection[float],
    ) -> Iterator[dict[str, ValueCase]]:
        """Values for several outputs: what binds is of one row, and has no say in whole batches."""
        del bindings
        return joined_cases(group, (), wanted, numbers, has_rows=True)

    def allowed(self, binding: Binding, values: Mapping[str, Tensor], want: Tensor) -> Array | None:
        """By how much each value of each row may differ."""
        import numpy as np

        pairs = zip(one_by_one(values), _rows_of(binding, want), strict=True)
        allowed = [allowed_of_binding(self.catalog, binding, row, made) for row, made in pairs]
        found = [one for one in allowed if one is not None]
        if not found or len(found) < len(allowed):
            return None
        if binding.end.kind == "ragged":
            return np.concatenate(found)
        return values_of(joined_rows(found, row_ends(self.job)[binding.required]))

    def measured(self, binding: Binding, values: Mapping[str, Tensor], got: Tensor) -> Precision | None:
        """The largest error of any row."""
        precision: Precision | None = None
        for row, given in zip(one_by_one(values), _rows_of(binding, got), strict=True):
            found = measure_binding(self.catalog, binding, row, given)
            precision = precision if found is None else found.joined(precision)
        return precision


def _rows_of(binding: Binding, whole: Tensor) -> list[Tensor]:
    """The rows of what a binding gives, each as its steps give it."""
    rows = [row_at(whole, at) for at in range(row_count(whole))]
    return [even(row) for row in rows] if binding.end.kind == "dense" else rows


def trial_of(job: Job) -> type[Trial]:
    """The trial of a job."""
    return Trial if job.rows is None else RowTrial
