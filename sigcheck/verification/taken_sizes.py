"""Taken sizes: sizes for the inputs of producers, at which these and what they feed run as far as it is known."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import names_in, parse_size
from sigcheck.sizes.expression import Variable
from sigcheck.sizes.feed import nearest
from sigcheck.sizes.named import BATCH
from sigcheck.sizes.stated import Stated, are_met, expressed
from sigcheck.sizes.substitution import evaluate

# For each input by name the shape that is fed; open sizes that nothing is known of stay None.
Shapes = dict[str, Shape]


def taken_shapes(
    inputs: Sequence[Endpoint], demands: Sequence[Stated], wanted: Sequence[tuple[int, int]]
) -> tuple[Shapes, ...]:
    """For each of the wanted pairs, (batch, every other size), shapes near it that meet all demands.

    One without shapes where none are found: what is wanted is then fed as it is.
    """
    texts = [size for one in inputs for size in one.sizes or () if isinstance(size, str)]
    names = sorted({name for text in texts for name in names_in(parse_size(text))})
    return tuple(_shapes(inputs, _sizes(names, demands, batch, other)) for batch, other in wanted)


def _sizes(names: Sequence[str], demands: Sequence[Stated], batch: int, other: int) -> dict[Variable, int]:
    """A size for each name; nothing where the demands are not met by the nearest, apart or all alike."""
    found: dict[Variable, int] = {}
    for name in names:
        start = batch if name == BATCH else other
        if are_met(demands, {Variable(name): start}):
            found[Variable(name)] = start
            continue
        below, above = nearest(name, start, demands)
        found[Variable(name)] = above or below or start
    others = [one for name, one in zip(names, found.values(), strict=True) if name != BATCH]
    alike = {one: size if one.name == BATCH else max(others) for one, size in found.items()}
    return next((one for one in (found, alike) if are_met(demands, one)), {})


def _shapes(inputs: Sequence[Endpoint], sizes: dict[Variable, int]) -> Shapes:
    found: Shapes = {}
    for one in inputs:
        if not sizes or one.sizes is None:
            continue
        told: list[int | None] = []
        for size in one.sizes:
            whole = expressed(size) if isinstance(size, str) else None
            is_said = whole is not None and whole.variables <= sizes.keys()
            told.append(
                evaluate(whole, sizes) if whole is not None and is_said else size if isinstance(size, int) else None
            )
        found[one.name] = tuple(told)
    return found
