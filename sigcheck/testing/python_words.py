"""Cures in the words of Python: the options of the command line as the keywords of a call."""

from __future__ import annotations

import json
import re
import shlex

# An option and its argument, as the rules quote them for a shell.
_OPTION = re.compile(r"--(fact|bind|loss|allow|assume) ('[^']*'|[^\s;]+?)(?=[,;]?(?:\s|$)|\.$)")
_FACT = re.compile(r"(producer|consumer)\.(.+)\.(\w+)=(.*)", re.DOTALL)


def in_python(text: str) -> str:
    """The text with each option written as a keyword argument.

    >>> in_python("say which with --bind p=q")
    'say which with bind={"p": "q"}'
    >>> in_python("declare --fact producer.x.range=0,255, or allow it with --loss truncating")
    'declare facts={"producer": {"x": {"range": [0, 255]}}}, or allow it with policy=Policy(loss="truncating")'
    """
    return _OPTION.sub(_keyword, text).replace("--no-guard", "policy=Policy(guard=False)")


def _keyword(found: re.Match[str]) -> str:
    option, written = found[1], found[2]
    try:
        (value,) = shlex.split(written)
    except ValueError:
        return found[0]
    if option == "bind":
        output, _, name = value.rpartition("=")
        return f"bind={_literal({output: name})}"
    if option == "allow":
        return f'policy=Policy(allow=("{value}",))'
    if option in {"loss", "assume"}:
        return f'policy=Policy({option}="{value}")'
    fact = _FACT.fullmatch(value)
    return found[0] if fact is None else f"facts={_literal({fact[1]: {fact[2]: {fact[3]: _value(fact[4])}}})}"


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return [_value(part) for part in text.split(",")] if "," in text else text


def _literal(value: object) -> str:
    """The value as Python with double quotes, as formatters write it; the facts hold no None and no boolean."""
    return json.dumps(value, ensure_ascii=False)
