"""The first thing that a value lacks, in plain words instead of pydantic's location tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError

# Values longer than this say nothing more, and may be megabytes.
_SHOWN_CHARACTERS = 80

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is no field that is known here",
}


def describe_problem(error: ValidationError) -> str:
    """The first problem as `signatures[0].inputs[2].dtype: what is wrong, what was found`."""
    problem = error.errors(include_url=False)[0]
    place = name_field(problem["loc"])
    kind = problem["type"]
    message = _WORDS.get(kind) or problem["msg"].removeprefix("Value error, ").rstrip(".")
    if kind not in {"missing", "extra_forbidden", "value_error"}:
        message = f"{message[:1].lower()}{message[1:]}, found {_shown(problem['input'])}"
    more = error.error_count() - 1
    rest = f" (and {more} more problem{'s' if more > 1 else ''})" if more else ""
    return f"{place}: {message}{rest}" if place else f"{message}{rest}"


def name_field(location: tuple[int | str, ...]) -> str:
    """The location as people write it.

    >>> name_field(("signatures", 0, "inputs", 2, "spec", "dtype"))
    'signatures[0].inputs[2].dtype'
    """
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part != "spec":
            # In the contract the fields of a spec stand beside the name.
            text += f".{part}" if text else part
    return text


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
