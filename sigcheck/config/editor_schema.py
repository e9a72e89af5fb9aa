"""The JSON Schema of the config, for editors."""

from __future__ import annotations

import json
from typing import Any

from sigcheck.config.entries import Entries

# Which schema it is, wherever a copy of it lies.
ID = "urn:sigcheck:config"
# Where docs and editors find it.
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def write_editor_schema() -> str:
    """The schema of `sigcheck.toml`, and of `[tool.sigcheck]`, as JSON text."""
    schema: dict[str, Any] = Entries.model_json_schema(by_alias=True)
    # In a config every fact is declared.
    del schema["$defs"]["Facts"]["properties"]["origins"]
    return json.dumps({"$schema": DRAFT, "$id": ID, **schema}, indent=2) + "\n"
