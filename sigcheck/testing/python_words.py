"""Cures in the words of Python: the options of the command line as the keywords of a call."""

from __future__ import annotations

import json

from sigcheck.rules.words.option import Option, rewrite_options


def in_python(text: str) -> str:
    """The text with each option written as a keyword argument.

    >>> in_python("say which with --bind p=q")
    'say which with bind={"p": "q"}'
    >>> in_python("tell it with --const mask=VALUE")
    'tell it with const={"mask": VALUE}'
    >>> in_python("let it, with --loss mask=irreversible")
    'let it, with policy=Policy(losses={"mask": "irreversible"})'
    >>> in_python("declare --fact producer.x.range=0,255, or allow it with --loss truncating")
    'declare facts={"producer": {"x": {"range": [0, 255]}}}, or allow it with policy=Policy(loss="truncating")'
    """
    return rewrite_options(text, _keyword)


def _keyword(option: Option) -> str:
    if option.name == "bind":
        return f"bind={_literal({option.path[0]: option.value})}"
    if option.name == "const":
        return f"const={{{_literal(option.path[0])}: {option.value}}}"
    if option.name in {"map", "example"}:
        return f"{option.name}={option.value if option.value is True else _literal(option.value)}"
    if option.name == "fact":
        side, name, fact = option.path
        return f"facts={_literal({side: {name: {fact: option.value}}})}"
    return f"policy=Policy({option.name}={_field(option)})"


def _field(option: Option) -> str:
    """The value of a field of a policy."""
    if option.name == "losses":
        return _literal({option.path[0]: option.value})
    if option.name in {"allow", "deny"}:
        return f"({_literal(option.value)},)"
    return _literal(option.value) if option.value is not False else "False"


def _literal(value: object) -> str:
    """The value as Python with double quotes, as formatters write it; the facts hold no None and no boolean."""
    return json.dumps(value, ensure_ascii=False)
