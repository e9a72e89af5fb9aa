"""TOML, written: the standard library reads it only."""

from __future__ import annotations

import json
import re
from typing import Any

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# Below it a whole number prints all its digits as a float.
_WHOLE_BELOW = 1e15
_LAST_OF_FOUR_DIGITS = 0xFFFF


def write_key(name: str) -> str:
    """The name as a key, in quotes where it needs them.

    >>> write_key("encoder"), write_key("a b")
    ('encoder', '"a b"')
    """
    return name if _BARE_KEY.fullmatch(name) else write_value(name)


def _escaped(one: str) -> str:
    """A character as a reader sees it, or by its number: marks that turn or break lines would hide what is written."""
    if one.isprintable():
        return one
    return f"\\u{ord(one):04X}" if ord(one) <= _LAST_OF_FOUR_DIGITS else f"\\U{ord(one):08X}"


def write_value(value: Any) -> str:
    """A JSON value on one line. TOML has no null: in a list it is written as `?`, in a table left out.

    >>> write_value({"range": [0.0, 1.0], "axes": ["batch", None]})
    '{ range = [0.0, 1.0], axes = ["batch", "?"] }'
    """
    if isinstance(value, dict):
        pairs = [f"{write_key(name)} = {write_value(one)}" for name, one in value.items() if one is not None]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(write_value, value))}]"
    if value is None:
        return '"?"'
    if isinstance(value, str):
        # A lone surrogate is no text that a file can hold; the name is then not found again, which is reported.
        plain = value.encode("utf-8", "replace").decode("utf-8")
        written = json.dumps(plain, ensure_ascii=False)
        return written if written.isprintable() else "".join(map(_escaped, written))
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE_BELOW:
        return f"{value:.1f}"
    return json.dumps(value)
