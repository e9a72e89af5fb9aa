"""JSON: the observation as it is, for programs."""

from __future__ import annotations

from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.observation import Observation

NAME = "json"


def render_observation(observation: Observation, side: str, page: Page = DEFAULT_PAGE) -> str:
    """The fields of the schema."""
    return dump_json(observation.model_dump(mode="json"))
