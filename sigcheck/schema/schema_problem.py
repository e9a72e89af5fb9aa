"""The first thing that a value lacks, in plain words instead of pydantic's location tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sigcheck.schema.printable import shortened

if TYPE_CHECKING:
    from pydantic import ValidationError

# Values longer than this say nothing more, and may be megabytes.
_SHOWN_CHARACTERS = 80
# How pydantic calls the types of a union, and its own functions, in a location.
_OF_PYDANTIC = ("[key]", "function-after[", "function-before[", "function-wrap[", "function-plain[")


def describe_problem(error: ValidationError) -> str:
    """The first problem as `signatures[0].inputs[2].dtype: what is wrong, what was found`."""
    problem = error.errors(include_url=False)[0]
    place = name_field(problem["loc"])
    message = _message(problem["type"], problem["msg"], problem["input"], problem.get("ctx", {}))
    more = error.error_count() - 1
    rest = f" (and {more} more problem{'s' if more > 1 else ''})" if more else ""
    return f"{place}: {message}{rest}" if place else f"{message}{rest}"


def _message(kind: str, message: str, found: Any, context: dict[str, Any]) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "json_invalid":
        # All of the file is what was found.
        return message
    if kind == "extra_forbidden":
        return "is no field that is known here"
    if kind == "value_error":
        return message.removeprefix("Value error, ").rstrip(".")
    if kind in {"too_long", "too_short"}:
        limit = context.get("max_length", context.get("min_length"))
        bound = "at most" if kind == "too_long" else "at least"
        return f"{context.get('actual_length')} entries, expected {bound} {limit}"
    # Else pydantic names a class of ours.
    message = "Input should be an object" if kind == "model_type" else message
    plain = message.replace("Input should be", "must be").rstrip(".")
    return f"{plain[:1].lower()}{plain[1:]}, found {_shown(found)}"


def name_field(location: tuple[int | str, ...]) -> str:
    """The location as people write it.

    >>> name_field(("signatures", 0, "inputs", 2, "spec", "dtype"))
    'signatures[0].inputs[2].dtype'
    >>> name_field(("padding", "value", "function-after[_finite(), float]"))
    'padding.value'
    >>> name_field(("models", "", "[key]"))
    'models.""'
    """
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part != "spec" and not part.startswith(_OF_PYDANTIC):
            # In the contract the fields of a spec stand beside the name.
            name = shortened(part) or '""'
            text += f".{name}" if text else name
    return text


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]} and more"
