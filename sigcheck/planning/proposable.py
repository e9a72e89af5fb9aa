"""Proposable: whether an output is worth a person's look as what feeds an input, where no name says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sigcheck.planning.search import Outcome
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

_PICTURE_AXES = frozenset({"height", "width"})
_PICTURE_RANK = 4
_CHANNELS = frozenset({1, 3, 4})
# Inputs that stand beside the one that holds the values, as models call them.
_BESIDE = re.compile(r"mask|type|segment|position|length|size|training|threshold", re.IGNORECASE)


def is_proposable(provided: TensorSpec, required: TensorSpec, outcome: Outcome, policy: Policy) -> bool:
    """Whether this pair passes, or would with one declaration.

    Ids, lengths and masks are no picture, nor a picture they, and what has to be made up to get
    there, beside the filling of rows, is no proposal unless a fact says that it is meant.
    """
    if (_is_picture(required) and _is_naming(provided)) or (_is_picture(provided) and _is_naming(required)):
        return False
    if outcome.plan is not None:
        return True
    if any(_only_fills(plan) for plan in outcome.candidates):
        return True
    # Floats that are ids need only be called so: no step is taken before.
    if provided.rank != required.rank or not (outcome.candidates or _is_naming(required)):
        return False
    from sigcheck.planning.advice import find_ways

    return bool(find_ways(provided, required, policy, outcome.verdict))


def rank_inputs(inputs: Sequence[Endpoint]) -> list[Endpoint]:
    """Inputs that one output fits equally well, the likeliest first: of the largest table, none that stands beside."""
    return sorted(inputs, key=lambda one: (_BESIDE.search(one.name) is not None, -_rows(one)))


def _rows(endpoint: Endpoint) -> int:
    """How many ids the input takes, as far as it is known."""
    shown = [claim.value for claim in endpoint.inferred if claim.name == "id_count"]
    return endpoint.spec.facts.id_count or max(shown, default=0)


def _only_fills(plan: Plan) -> bool:
    return all("value" in step.arguments for step in plan.steps if step.is_inventing)


def _is_naming(spec: TensorSpec) -> bool:
    return spec.facts.meaning in CATEGORICAL or spec.facts.id_count is not None


def _is_picture(spec: TensorSpec) -> bool:
    facts = spec.facts
    if facts.meaning == "pixels" or facts.channel_order is not None or _PICTURE_AXES.intersection(facts.axes or ()):
        return True
    shape = spec.shape or ()
    return len(shape) == _PICTURE_RANK and (shape[-1] in _CHANNELS or shape[1] in _CHANNELS)
