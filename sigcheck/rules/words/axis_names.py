"""Axis names: letters that say of both sides which axis becomes which, as some steps have it."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from sigcheck.rules.words.option import fact_option
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec


def names_along(
    output: str, provided: TensorSpec, name: str, required: TensorSpec, steps: Sequence[Step]
) -> tuple[str, ...]:
    """The declarations of axes by which the steps are meant; none where a side has names already that say otherwise.

    What is merged, split or new has a letter of its own. A side that has names keeps them: only the other one is to be
    declared.

    >>> from sigcheck.schema.notation import parse_spec
    >>> from sigcheck.transforms import expand_dims
    >>> row, rows = parse_spec("float32[8, 3]"), parse_spec("float32[?, 8, 3]")
    >>> names_along("y", row, "x", rows, list(expand_dims.propose(row, rows))[:1])
    ('--fact producer.y.axes=a,b', '--fact consumer.x.axes=c,a,b')
    """
    ours, theirs = provided.facts.axes, required.facts.axes
    if provided.rank is None or (ours is not None and theirs is not None) or None in (*(ours or ()), *(theirs or ())):
        return ()
    places = _places(provided.rank, steps)
    if places is None or len(places) != required.rank:
        return ()
    letters = [letter for letter in ascii_lowercase if letter not in {*(ours or ()), *(theirs or ())}]
    if provided.rank + len(places) > len(letters):
        return ()
    if theirs is not None:
        begun = {place: theirs[at] for at, place in enumerate(places) if place is not None}
        ours_then = [begun.get(at) or letters[at] for at in range(provided.rank)]
        return (fact_option("producer", output, "axes", ",".join(map(str, ours_then))),)
    begin = list(map(str, ours)) if ours is not None else letters[: provided.rank]
    fresh = iter(letters[provided.rank :])
    end = [next(fresh) if place is None else begin[place] for place in places]
    told = fact_option("consumer", name, "axes", ",".join(end))
    return (told,) if ours is not None else (fact_option("producer", output, "axes", ",".join(begin)), told)


def _places(rank: int, steps: Sequence[Step]) -> list[int | None] | None:
    """The axis of the beginning that each axis of the end is, None of a new one; None where a step does not say it."""
    places: list[int | None] = [*range(rank)]
    for step in steps:
        if step.layout is not None:
            places = [
                places[group[0].axis] if len(group) == 1 and group[0].size is None else None for group in step.layout
            ]
        elif "perm" in step.arguments:
            places = [places[axis] for axis in step.arguments["perm"]]
        elif step.result.rank != len(places):
            return None
    return places
