"""Followed: the sizes of a tensor as expressions, through the steps of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.sizes.expression import TooLargeError
from sigcheck.sizes.judged import Asserted
from sigcheck.sizes.tensor import Size, lifted, multiply

# For each axis its size, None where nothing is known of it; None of an unknown rank.
Followed = Sequence[Size | None] | None


@dataclass
class Course:
    """The sizes behind the steps taken so far, and what guards on the way assert that those before are."""

    sizes: Followed
    asserted: list[Asserted] = field(default_factory=list)


def follow(binding: Binding, given: dict[str, Followed]) -> Course | None:
    """The sizes that an input is fed, from those of outputs by name. None where the binding has no plan."""
    if binding.plan is None:
        return None
    if binding.junction is None:
        course = Course(given.get(binding.provided))
    else:
        parts = [follow(one, given) for one in binding.parts]
        asserted = [one for part in parts if part is not None for one in part.asserted]
        course = Course(_joined(binding, [None if one is None else one.sizes for one in parts]), asserted)
    return follow_steps(course, binding.provided_spec, binding.plan.steps)


def follow_steps(course: Course, spec: TensorSpec, steps: Sequence[Step]) -> Course:
    """The sizes behind these steps, which begin at the spec.

    An open size of a result is followed where the step says where its axis comes from, or changes values along
    axes that stay where they are; else nothing is known of it.
    """
    for step in steps:
        if step.guard is not None:
            course.asserted += _asserted(course.sizes, step)
        course.sizes = _behind(course.sizes, spec, step)
        spec = step.result
    return course


def _behind(sizes: Followed, spec: TensorSpec, step: Step) -> Followed:
    made = step.result.shape
    if made is None or step.result.kind != "dense":
        return None
    if sizes is None or spec.kind != "dense" or spec.shape is None:
        return made
    if step.layout is not None:
        moved = [_merged(step, axis, sizes) for axis in range(len(made))]
    elif step.reach in {"element", "axis"} and len(made) == len(spec.shape):
        # Along an axis of a known size the step may change it: then it says the new one.
        moved = [old if was is None else None for old, was in zip(sizes, spec.shape, strict=True)]
    else:
        return made
    return [one if size is None else size for size, one in zip(made, moved, strict=True)]


def _merged(step: Step, axis: int, sizes: Sequence[Size | None]) -> Size | None:
    total: Size = 1
    for atom in (step.layout or ())[axis]:
        one = sizes[atom.axis] if atom.size is None else atom.size
        if one is None:
            return None
        try:
            total = multiply(total, one)
        except TooLargeError:
            return None
    return total


def _asserted(sizes: Followed, step: Step) -> list[Asserted]:
    """What a guard on the shape alone asserts of the sizes before it."""
    layout, made = step.layout, step.result.shape
    if sizes is None or layout is None or made is None or any(len(group) != 1 for group in layout):
        return []
    return [
        Asserted(axis, lifted(size), to, f"{step}: {step.guard}")
        for axis, (group, to) in enumerate(zip(layout, made, strict=True))
        if to is not None and group[0].size is None and (size := sizes[group[0].axis]) is not None
    ]


def _joined(binding: Binding, parts: Sequence[Followed]) -> Followed:
    """What a junction makes of its parts: sizes that it says, and those that all parts have alike beside its axis."""
    made = binding.provided_spec.shape
    along = None if binding.junction is None else binding.junction.arguments.get("axis")
    if along is None:
        return made
    if made is None or not parts or any(one is None or len(one) != len(made) for one in parts):
        return made
    axes = zip(*(one for one in parts if one is not None), strict=True)
    pairs = enumerate(zip(made, axes, strict=True))
    return [
        size if size is not None else one[0] if axis != along and len(set(one)) == 1 else None
        for axis, (size, one) in pairs
    ]
