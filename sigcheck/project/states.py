"""States: what a model of a project gives to its own next call, which no other model takes or gives by chance."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.config.entries import LinkEntry
from sigcheck.schema.bind import bound_pairs, spoken_of
from sigcheck.schema.project import LintedModel


def without_states(model: LintedModel, link: LinkEntry, own: Mapping[str, str]) -> LintedModel:
    """The model as a link sees it: of its `own` states, outputs and the inputs of the next call, only what it names."""
    signature = model.signature
    if link.loop or not own or signature is None:
        return model
    spoken = {name for _, name in bound_pairs(link.bind)}
    spoken |= spoken_of(link.bind, {one.name for one in signature.outputs})
    update = {
        "outputs": tuple(one for one in signature.outputs if one.name not in own or one.name in spoken),
        "inputs": tuple(one for one in signature.inputs if one.name not in own.values() or one.name in spoken),
    }
    return model.model_copy(update={"signature": signature.model_copy(update=update)})
