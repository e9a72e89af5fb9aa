"""Cures in the words of Python: the options of the command line as the keywords of a call."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sigcheck.rules.words.option import BESIDE, OR_BY_BOTH, Option, rewrite_options

_BESIDE = "name another producer beside it, in a list of both"


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
    text = text.partition(OR_BY_BOTH)[0].replace(BESIDE, _BESIDE)
    return rewrite_options(text, _keyword)


def as_arguments(options: Iterable[Option]) -> str:
    """The options as the keywords of one call: what several say of one keyword stands together.

    >>> from sigcheck.rules.words.option import cures
    >>> (way,) = cures("--fact producer.a.axes=b,c and --fact consumer.x.axes=c,b")
    >>> as_arguments(option for _, option in way)
    'facts={"producer": {"a": {"axes": ["b", "c"]}}, "consumer": {"x": {"axes": ["c", "b"]}}}'
    """
    facts: dict[str, dict[str, dict[str, object]]] = {}
    bound: dict[str, list[object]] = {}
    constants: list[str] = []
    plain: list[str] = []
    losses: dict[str, object] = {}
    fields: dict[str, list[str]] = {}
    for option in options:
        if option.name == "fact":
            side, name, fact = option.path
            facts.setdefault(side, {}).setdefault(name, {})[fact] = option.value
        elif option.name == "bind":
            bound.setdefault(option.path[0], []).append(option.value)
        elif option.name == "const":
            constants.append(f"{_literal(option.path[0])}: {option.value}")
        elif option.name in {"map", "example"}:
            plain.append(_keyword(option))
        elif option.name == "losses":
            losses[option.path[0]] = option.value
        else:
            fields.setdefault(option.name, []).append(_field(option))
    policy = [
        *([f"losses={_literal(losses)}"] if losses else []),
        # Several permissions of one kind are one tuple.
        *(
            f"{name}={told[0] if len(told) == 1 else '(' + ', '.join(one[1:-2] for one in told) + ')'}"
            for name, told in fields.items()
        ),
    ]
    binds = {name: names[0] if len(names) == 1 else names for name, names in bound.items()}
    return ", ".join(
        [
            *([f"bind={_literal(binds)}"] if binds else []),
            *([f"const={{{', '.join(constants)}}}"] if constants else []),
            *([f"facts={_literal(facts)}"] if facts else []),
            *plain,
            *([f"policy=Policy({', '.join(policy)})"] if policy else []),
        ]
    )


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
