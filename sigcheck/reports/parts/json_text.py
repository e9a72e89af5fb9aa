"""JSON text: values as scripts read them, the same bytes for the same values."""

from __future__ import annotations

import json
from typing import Any


def dump_json(written: Any) -> str:
    """The JSON of plain values."""
    # ASCII: names may hold what no output encoding has, such as half of a surrogate pair.
    return json.dumps(written, indent=2, ensure_ascii=True, allow_nan=False)
