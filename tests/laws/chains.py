"""Chains of steps as a search sees them: what they make up, and whether anybody could mean them."""

from __future__ import annotations

from sigcheck.planning.astray import can_never_be, leads_astray
from sigcheck.planning.held_rows import unguarded_where_held
from sigcheck.planning.made_axes import told_as_made_up
from sigcheck.planning.meaning import Meaning, after, meaning_of, no_change
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec


def told_in_chain(steps: tuple[Step, ...], provided: TensorSpec, required: TensorSpec) -> tuple[Step, ...]:
    """The steps of a chain as a growth tells them; as they are where they scramble values."""
    meaning: Meaning | None = no_change(provided)
    spec, told = provided, []
    for step in steps:
        if meaning is None:
            return steps
        held = unguarded_where_held(step, meaning, provided.shape)
        told.append(told_as_made_up(held, meaning, spec, provided, required))
        meaning, spec = after(meaning, spec, step, provided.shape), step.result
    return tuple(told)


def is_meant(steps: tuple[Step, ...], provided: TensorSpec, required: TensorSpec) -> bool:
    """Whether a chain could be what anyone means: no scramble, no guard that can only fail, and no batch displaced."""
    meaning = meaning_of(steps, provided)
    end = steps[-1].result if steps else provided
    if meaning is None or can_never_be(meaning, provided.shape, end.shape):
        return False
    return not leads_astray(meaning, steps, provided, required)
