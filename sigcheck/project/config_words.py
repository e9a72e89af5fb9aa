"""What keeps a link blocked, in the words of the config."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.rules.words.config_words import LinkModels, in_config
from sigcheck.schema.project import LintedLink
from sigcheck.schema.signature import Signature


def tell_in_config(link: LintedLink, signatures: Mapping[str, Signature]) -> LintedLink:
    """The link with what keeps its bindings blocked told in the words of the config; `signatures` are of all models."""
    if link.check is None or not any(one.obstacle for one in link.check.bindings):
        return link
    models = LinkModels(link.producer, link.consumer, signatures)
    bindings = []
    for one in link.check.bindings:
        told = tuple(in_config(line, models) for line in tell_obstacle(one))
        said = None if one.obstacle is None else one.obstacle.model_copy(update={"told": told})
        bindings.append(one.model_copy(update={"obstacle": said}))
    return replace(link, check=link.check.model_copy(update={"bindings": tuple(bindings)}))
