"""Filling: what is to be declared of rows that are filled up, on the side where the consumer has its others."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.planning.row_places import row_axis
from sigcheck.planning.ways import likely_padding
from sigcheck.rules.views.course import Course
from sigcheck.schema.facts import Padding, PaddingSide
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec


def side_beside(course: Course, inputs: Sequence[Endpoint]) -> PaddingSide | None:
    """The side that all other inputs with rows of this length are declared to be filled on; None where none says it."""
    length = _length(course.required)
    sides = {
        one.spec.facts.padding.side
        for one in inputs
        if one.spec.facts.padding is not None and one.name != course.binding.required and _length(one.spec) == length
    }
    return next(iter(sides)) if len(sides) == 1 else None


def likely_filling(course: Course, inputs: Sequence[Endpoint]) -> str:
    """The filling to declare of the input, as it is written: the likely one, where the consumer has its others."""
    known = likely_padding(course.provided, course.required)
    return Padding(value=known.value, side=side_beside(course, inputs) or known.side).as_declared


def _length(spec: TensorSpec) -> int | None:
    axis = row_axis(spec)
    return None if axis is None or spec.shape is None else spec.shape[axis]
