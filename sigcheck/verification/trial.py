"""Trial: a traced adapter, run on one set of tensors and compared with what its plans mean.

Runs in the process that asks: the adapter's is another one, which gives tensors and sees no reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sigcheck.schema.report import Binding
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.array import Array, GuardError, Tensor
from sigcheck.transforms.parts.transform import Transform
from sigcheck.verification.comparison import find_difference
from sigcheck.verification.job import Job
from sigcheck.verification.joined_cases import joined_cases
from sigcheck.verification.precision import Precision, measure_binding
from sigcheck.verification.reference import allowed_of_binding, run_binding
from sigcheck.verification.runner import FailedError, RefusedError, Runner, spec_of
from sigcheck.verification.size_guards import are_sizes_taken
from sigcheck.verification.value_cases import ValueCase

# What each binding must give, by required name; None where a guard of a plan must refuse.
Expected = Mapping[str, Tensor] | None


class Problem(NamedTuple):
    """What went wrong, and with which binding."""

    place: str
    message: str


class Tried(NamedTuple):
    """What one run showed."""

    problems: tuple[Problem, ...] = ()
    precision: Precision | None = None


@dataclass(frozen=True)
class Trial:
    """The traced adapter of a job, with the references of its steps."""

    job: Job
    runner: Runner
    catalog: Mapping[str, Transform]

    @property
    def provided(self) -> list[str]:
        """The names that the adapter is given."""
        return [endpoint.name for endpoint in self.job.used]

    def expect(self, bindings: Sequence[Binding], values: Mapping[str, Tensor]) -> Expected:
        """What the bindings' plans make of the values by provided name. Raises UndefinedCaseError."""
        try:
            made = {one.required: run_binding(self.catalog, one, values) for one in bindings}
        except GuardError:
            return None
        return made if are_sizes_taken(bindings, made) else None

    def lifted(self, shapes: Sequence[Shape]) -> list[Shape]:
        """The shapes of what is provided, of which these are those that plans speak of."""
        return list(shapes)

    def joined(
        self,
        group: Sequence[Endpoint],
        bindings: Sequence[Binding],
        wanted: Sequence[Shape],
        numbers: Collection[float],
    ) -> Iterator[dict[str, ValueCase]]:
        """Values for outputs that belong together, as `joined_cases` yields them."""
        return joined_cases(group, bindings, wanted, numbers)

    def allowed(self, binding: Binding, values: Mapping[str, Tensor], want: Tensor) -> Array | None:
        """By how much each value of what a binding gives may differ; None where it must be equal."""
        return allowed_of_binding(self.catalog, binding, values, want)

    def measured(self, binding: Binding, values: Mapping[str, Tensor], got: Tensor) -> Precision | None:
        """The error of what a binding gives; None where there is none to tell."""
        return measure_binding(self.catalog, binding, values, got)

    def run(self, values: Mapping[str, Tensor], expected: Expected) -> Tried:
        """Runs the adapter on the values and finds each difference from what is expected."""
        job = self.job
        try:
            actual = self.runner.run(values)
        except RefusedError as error:
            # Without a plan nothing says which values a person's own guard must let through.
            if expected is None or not job.bindings:
                return Tried()
            return Tried((Problem(job.place, f"refused, though every guard of the plan holds: {error}"),))
        except FailedError as error:
            return Tried((Problem(job.place, str(error)),))
        if expected is None:
            return Tried((Problem(job.place, "let through, though a guard of the plan does not hold"),))
        mistyped = self._mistyped(actual)
        return Tried(mistyped) if mistyped else self._compare(values, expected, actual)

    def _mistyped(self, actual: Mapping[str, Tensor]) -> tuple[Problem, ...]:
        """Each output that is not what tracing showed: an adapter that traces as one thing and runs as another."""
        problems = []
        for endpoint in self.job.required:
            if endpoint.name not in actual:
                if not endpoint.optional:
                    problems.append(Problem(endpoint.name, f"it gives no {endpoint.name!r}"))
            elif not (given := spec_of(actual[endpoint.name])).is_subtype_of(endpoint.spec):
                problems.append(Problem(endpoint.name, f"it gives {given}, expected {endpoint.spec}"))
        return tuple(problems)

    def _compare(
        self, values: Mapping[str, Tensor], expected: Mapping[str, Tensor], actual: Mapping[str, Tensor]
    ) -> Tried:
        problems: list[Problem] = []
        precision: Precision | None = None
        for binding in self.job.bindings:
            want, got = expected[binding.required], actual[binding.required]
            if find_difference(want, got) is not None:
                allowed = self.allowed(binding, values, want)
                difference = find_difference(want, got, allowed)
                if difference is not None:
                    problems.append(Problem(binding.required, difference))
                    continue
            measured = self.measured(binding, values, got)
            precision = precision if measured is None else measured.joined(precision)
        return Tried(tuple(problems), precision)
