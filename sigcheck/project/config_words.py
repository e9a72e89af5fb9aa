"""What keeps a link blocked, in the words of the config."""

from __future__ import annotations

from dataclasses import replace

from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.rules.words.config_words import in_config
from sigcheck.schema.project import LintedLink


def tell_in_config(link: LintedLink) -> LintedLink:
    """The link with what keeps its bindings blocked told in the words of the config."""
    if link.check is None or not any(one.obstacle for one in link.check.bindings):
        return link
    bindings = []
    for one in link.check.bindings:
        told = tuple(in_config(line, link.producer, link.consumer) for line in tell_obstacle(one))
        said = None if one.obstacle is None else one.obstacle.model_copy(update={"told": told})
        bindings.append(one.model_copy(update={"obstacle": said}))
    return replace(link, check=link.check.model_copy(update={"bindings": tuple(bindings)}))
