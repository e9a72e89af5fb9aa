"""Arguments: what callers pass in Python, refused in words where it is of another kind than it should be.

A type checker says it before; a notebook has none, and an error deep inside says nothing of the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

from sigcheck.schema.errors import UsageError
from sigcheck.schema.printable import shortened


def require_flag(name: str, value: object) -> None:
    """Raises UsageError for what is neither True nor False: a text such as "no" would count as True."""
    if not isinstance(value, bool):
        raise UsageError(name, f"found {_shown(value)}, expected True or False. Pass one of these.")


def require_map(value: object) -> None:
    """Raises UsageError for what says of no model that it is called row by row."""
    if not isinstance(value, bool) and value not in {"consumer", "producer"}:
        raise UsageError("map", f"found {_shown(value)}, expected True, False or 'producer'. Pass one of these.")


def require_word(name: str, value: object, words: Sequence[str]) -> None:
    """Raises UsageError for what is none of the words."""
    if not isinstance(value, str) or value not in words:
        raise UsageError(name, f"found {_shown(value)}, expected {' or '.join(words)}. Pass one of these.")


def require_policy(name: str, value: object) -> None:
    """Raises UsageError for what is no Policy."""
    # Reading a model asks for flags and texts only.
    from sigcheck.schema.policy import Policy

    if not isinstance(value, Policy):
        problem = f"found {_shown(value)}, expected a Policy. Pass one, such as sigcheck.Policy(loss='truncating')."
        raise UsageError(name, problem)


def require_path(name: str, value: object) -> None:
    """Raises UsageError for what is no path as text."""
    if not isinstance(value, str | PathLike):
        raise UsageError(name, f"found {_shown(value)}, expected a path. Pass it as text or as a Path.")


def require_texts(name: str, value: object) -> None:
    """Raises UsageError for what is no list of texts; one text alone is none."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence) or not all(isinstance(v, str) for v in value):
        raise UsageError(name, f"found {_shown(value)}, expected a list of texts. Write it in brackets.")


def require_sources(name: str, value: object) -> None:
    """Raises UsageError for what is no list: of one model alone, the letters of its path would be taken."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise UsageError(name, f"found {_shown(value)}, expected a list of sources. Name them in brackets.")


def require_bind(value: Any) -> None:
    """Raises UsageError for what is no mapping of names to names; whether they exist is not looked at."""
    from sigcheck.schema.bind import bound_pairs

    for _ in bound_pairs(value):
        pass


def require_facts(value: object) -> None:
    """Raises UsageError for what is not `{side: {name: {fact: value}}}`; what they are called is not looked at."""
    for side, names in _table("facts", value, "producer and consumer").items():
        for name, facts in _table(f"facts.{side}", names, "outputs or inputs").items():
            _table(f"{side}.{name}", facts, "facts")


def _table(name: str, value: object, of: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return value
    example = "{'producer': {'output_0': {'range': [0, 255]}}}"
    raise UsageError(name, f"found {_shown(value)}, expected a dict by the names of {of}. Write facts={example}.")


def _shown(value: object) -> str:
    if value is None or isinstance(value, str | bytes | int | float):
        return shortened(repr(value))
    return (
        f"the class {value.__qualname__}" if isinstance(value, type) else f"a value of type {type(value).__qualname__}"
    )
