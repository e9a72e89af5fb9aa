"""JSON: the observation as it is, for programs."""

from __future__ import annotations

from sigcheck.observation.choice import candidates
from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.observation import Observation

NAME = "json"


def render_observation(observation: Observation, side: str, page: Page = DEFAULT_PAGE) -> str:
    """The fields of the schema, and beside lengths the ones to choose from."""
    written = observation.model_dump(mode="json")
    for tensor in written["tensors"]:
        if tensor["lengths"]:
            tensor["choices"] = [one.model_dump(mode="json") for one in candidates(tensor["lengths"])]
    return dump_json(written)
