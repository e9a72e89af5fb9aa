"""Fed sizes: the sizes that the inputs of a consumer are fed, after their plans."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.planning.followed import Course, Followed, follow
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.sizes.expression import unknown
from sigcheck.sizes.stated import expressed
from sigcheck.sizes.tensor import Size


def fed_sizes(bindings: Sequence[Binding], outputs: Sequence[Endpoint]) -> dict[str, Course]:
    """For each input that has a plan the sizes that it is fed."""
    known = {one.name: sizes_of(one) for one in outputs}
    found = {one.required: follow(one, known) for one in bindings}
    return {name: course for name, course in found.items() if course is not None}


def sizes_of(output: Endpoint) -> Followed:
    """The sizes of an output: numbers, what they follow from, and for each that nothing is known of one of its own."""
    shape = output.spec.shape
    if output.spec.kind != "dense" or (shape is None and output.sizes is None):
        return None
    named = output.sizes or (None,) * len(shape or ())
    sizes = shape if shape is not None else (None,) * len(named)
    return [
        size if size is not None else _size(one, f"?{output.name}.{axis}")
        for axis, (size, one) in enumerate(zip(sizes, named, strict=True))
    ]


def _size(named: int | str | None, place: str) -> Size:
    if isinstance(named, int):
        return named
    try:
        return unknown(place) if named is None else expressed(named)
    except (ValueError, ArithmeticError):
        return unknown(place)
