"""What every junction offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sigcheck.schema.plan import Step
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor
from sigcheck.transforms.parts.transform import Code


class JunctionError(Exception):
    """The specs cannot be joined or parted so: the message says what differs, `cure` what to do where it is known."""

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.cure = cure


class JunctionKind(Protocol):
    """A kind of junction. Each is a module of this shape; its docstring is its help page.

    A fan-in has several parts and one result, a fan-out one part and several results. Of the parts
    those at the places `VALUE_PARTS` are values of the result, or all.

    Beside these it may have: `goals(parts, required, argument) -> Sequence[TensorSpec]`: what each part must be
    before it is joined, where that is not of the required dtype; `refused(parts, step, values) ->
    Iterator[Sequence[Tensor]]`: values like those that agree which the step has to refuse, for a proof of its guards.
    """

    NAME: str
    ORDER: int
    VALUE_PARTS: tuple[int, ...] | None

    def ways(self, parts: Sequence[TensorSpec], required: Sequence[TensorSpec], /) -> Sequence[int | None]:
        """The axes along which the shapes fit as they are; a None where there is no axis to choose."""

    def join(self, parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any, /) -> tuple[Step, ...]:
        """The step to each result; the argument is the axis, or the value, that somebody wrote.

        Facts of the results are those that all parts agree on, and no others.

        Raises JunctionError where the specs do not allow it.
        """

    def emit(self, parts: Sequence[TensorSpec], step: Step, values: Sequence[str], /) -> Code:
        """The TensorFlow code of the step on the expressions `values`, which are cheap to repeat."""

    def reference(self, parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor], /) -> Tensor:
        """What the step means, in NumPy. Raises GuardError where sizes do not agree."""

    def agree(self, step: Step, values: Sequence[Tensor], /) -> Sequence[Tensor]:
        """Values like these, of sizes that agree, for a proof to run on."""


def check_parts(parts: Sequence[TensorSpec]) -> None:
    """Raises JunctionError unless all parts are dense, of known and equal dtype, and of known rank."""
    for at, spec in enumerate(parts, start=1):
        if spec.kind != "dense" or spec.shape is None or spec.dtype is None:
            raise JunctionError(
                f"part {at} is {spec}, expected a dense tensor of known dtype and rank", cure=to_dense(spec)
            )
        if spec.dtype != parts[0].dtype:
            raise JunctionError(f"part {at} is {spec}, the first {parts[0]}: the dtypes differ")


# How a producer gives values of a kind as a dense tensor.
_DENSE_CALLS = {"ragged": "to_tensor(shape=...)", "sparse": "tf.sparse.to_dense"}


def to_dense(spec: TensorSpec) -> str:
    """What to do about a part that is not dense; empty for one that is.

    >>> from sigcheck.schema.notation import parse_spec
    >>> to_dense(parse_spec("ragged int32[?, None]"))
    'only dense tensors are joined and parted: give the ragged one as dense, with to_tensor(shape=...) in the producer'
    """
    if spec.kind not in _DENSE_CALLS:
        return ""
    how = f"give the {spec.kind} one as dense, with {_DENSE_CALLS[spec.kind]} in the producer"
    return f"only dense tensors are joined and parted: {how}"


def check_axis(axis: int | None, rank: int) -> int:
    """The axis, counted from the front. Raises JunctionError where there is no such axis."""
    if axis is None or not -rank <= axis < rank:
        raise JunctionError(f"there is no axis {axis} in a rank of {rank}")
    return axis % rank


def merged_shape(parts: Sequence[TensorSpec], leaving: int | None = None) -> tuple[Shape, bool]:
    """The sizes that all parts share, and whether some must be found equal when it is run.

    The axis `leaving` may differ; it is None in the result. Sizes of the first axis that no part
    knows are those of one batch. Raises JunctionError where sizes differ.
    """
    shapes = [spec.shape or () for spec in parts]
    if len({len(shape) for shape in shapes}) > 1:
        raise JunctionError(f"the ranks differ: {', '.join(map(str, parts))}")
    merged: list[int | None] = []
    is_guarded = False
    for axis, sizes in enumerate(zip(*shapes, strict=True)):
        known = {size for size in sizes if size is not None}
        if axis == leaving:
            merged.append(None)
            continue
        if len(known) > 1:
            raise JunctionError(f"axis {axis} differs: {', '.join(map(str, parts))}")
        is_open = None in sizes
        is_guarded |= is_open and (axis > 0 or bool(known))
        merged.append(next(iter(known), None))
    return tuple(merged), is_guarded
