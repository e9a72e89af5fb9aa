"""What every transform offers: three accounts of one meaning, tested against each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor
from sigcheck.transforms.parts.coordinates import Coordinates


class Code(NamedTuple):
    """TensorFlow code: statements to run first, then the expression of the result."""

    expression: str
    lines: tuple[str, ...] = ()


def values_code(spec: TensorSpec, value: str) -> str:
    """The code of the values of a dense, ragged or sparse tensor, without rows or indices."""
    return {"dense": value, "ragged": f"{value}.flat_values", "sparse": f"{value}.values"}[spec.kind]


def with_values_code(spec: TensorSpec, value: str, values: str) -> str:
    """The code of the same tensor with other values, one for each."""
    with_values = {"dense": values, "ragged": f"{value}.with_flat_values({values})"}
    return with_values.get(spec.kind, f"{value}.with_values({values})")


def keep_static_shape(result: TensorSpec, code: Code) -> Code:
    """The code with the sizes of a sparse result stated: TensorFlow forgets them when it makes a new one."""
    if result.kind != "sparse" or result.shape is None or not any(size is not None for size in result.shape):
        return code
    return Code("sparse", (*code.lines, f"sparse = {code.expression}", f"sparse.set_shape({list(result.shape)})"))


def over_values(spec: TensorSpec, result: TensorSpec, value: str, expression: str) -> Code:
    """The code of an expression of a whole dense or ragged tensor, or of the values of a sparse one."""
    if spec.kind != "sparse":
        return Code(expression)
    return keep_static_shape(result, Code(with_values_code(spec, value, expression)))


def dtype_code(name: str) -> str:
    """The dtype in code: the narrowest floats have a name for TensorFlow, but none in `tf`."""
    return f'"{name}"' if name.startswith(("float8", "float4")) else f"tf.{name}"


class Transform(Protocol):
    """A kind of edge. Each is a module of this shape; its docstring is its help page.

    `ORDER` says when an entry of the catalog is asked for steps. `SETTLES` are the coordinates that it
    brings nearer to what is required: where none of them differs it is not asked. `READS` are the coordinates,
    of either side, that its proposals depend on, and `WRITES` those in which a result may differ from
    the spec; the numbers of axes and the kernels follow from what they are parts of. Thirteen more names may be there.
    `TAKES`, `MEETS`: what a spec, and a required one, have to be at least, as `parts.coordinates.forms_of` says it:
    for others nothing is proposed.
    `BY_PERMISSION = True`: the planner leaves it out unless the policy allows it by name, and with it what it loses,
    which its cost need not have; `BY_EXAMPLE = True`: unless
    an example has to decide which of its steps is meant, or the policy allows it.
    `REDUCES = True`: one entry of an axis stands for all of it, and which one is meant only a person can say.
    `KEEPS_AXES = True`: each axis stays a whole one, with the numbers that its entries have, whatever they are.
    `is_mixing(step) -> bool`: whether a value of the result is computed from several, so that it
    may be off by units in the last place of the largest of them. `line_of(spec, step) -> Line | None`: what it
    does to each real number, where it only scales and shifts; `stored(spec, step) -> Stored | None`: how it
    stores real numbers as whole ones. Neighbours that have these are written as one. `leaves_nan_open(step) -> bool`:
    whether builds of TensorFlow differ in what they give where the reference gives NaN.
    `comes_after(step, before) -> bool`: whether a step right behind another of its kind is looked at, where the two
    may change places. `leaves_out(spec, required) -> bool`: whether a limit of its own keeps steps from being proposed.
    `opened(spec, step) -> Step | None`: a step that an example's sizes led to, where sizes are open that it changes.
    """

    NAME: str
    SETTLES: Coordinates
    READS: Coordinates
    WRITES: Coordinates

    def propose(self, spec: TensorSpec, required: TensorSpec, /) -> Iterator[Step]:
        """Yields the steps of this kind that lead from the spec toward the required one."""

    def emit(self, spec: TensorSpec, step: Step, value: str, /) -> Code:
        """The TensorFlow code of the step on the expression `value`, which is cheap to repeat."""

    def reference(self, spec: TensorSpec, step: Step, value: Tensor, /) -> Tensor:
        """What the step means, in NumPy. Raises GuardError where the step's guard does not hold."""
