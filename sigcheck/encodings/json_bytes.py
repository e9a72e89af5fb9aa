"""JSON of models, looked over before it is parsed: parsed, a few bytes become an object of hundreds."""

from __future__ import annotations

import json
from typing import Any

from sigcheck.encodings.long_number import long_numbers_refused
from sigcheck.schema.budget import spend

# Of a list or object the memory counts, of a value in one the time, of texts their bytes.
_VALUES_OF_STEP, _BYTES_OF_STEP = 6, 300


def parse_bytes(data: bytes) -> Any:
    """The value of a JSON text. Raises ValueError where it is none, LimitError where the open budget is too small."""
    check_json(data)
    with long_numbers_refused():
        return json.loads(data)


def check_json(text: str | bytes) -> None:
    """Spends what parsing the text takes at most. Raises LimitError."""
    # Brackets and commas inside of texts are counted too: few, and never too few.
    marks: tuple[Any, ...] = (b"{", b"[", b",") if isinstance(text, bytes) else ("{", "[", ",")
    objects, lists, values = (text.count(mark) for mark in marks)
    spend(objects + lists // 2 + values // _VALUES_OF_STEP + len(text) // _BYTES_OF_STEP)
