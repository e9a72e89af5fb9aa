"""JSON as a file of facts, as `--facts` takes it."""

from __future__ import annotations

from sigcheck.observation.facts import behind, facts_of
from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.observation import Observation

NAME = "facts_json"


def render_observation(observation: Observation, side: str, page: Page = DEFAULT_PAGE) -> str:
    """Facts by side and tensor."""
    tensors = {one.name: {**facts_of(one), "observed": behind(observation, one)} for one in observation.tensors}
    return dump_json({side: tensors})
