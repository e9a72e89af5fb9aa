"""What every transform offers: three accounts of one meaning, tested against each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Tensor


class Code(NamedTuple):
    """TensorFlow code: statements to run first, then the expression of the result."""

    expression: str
    lines: tuple[str, ...] = ()


class Transform(Protocol):
    """A kind of edge. Each is a module of this shape; its docstring is its help page."""

    NAME: str

    def propose(self, spec: TensorSpec, required: TensorSpec, /) -> Iterator[Step]:
        """Yields the steps of this kind that lead from the spec toward the required one."""

    def emit(self, spec: TensorSpec, step: Step, value: str, /) -> Code:
        """The TensorFlow code of the step on the expression `value`, which is cheap to repeat."""

    def reference(self, spec: TensorSpec, step: Step, value: Tensor, /) -> Tensor:
        """What the step means, in NumPy. Raises GuardError where the step's guard does not hold."""
