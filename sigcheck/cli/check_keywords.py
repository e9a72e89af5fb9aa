"""Check keywords: the options of a check as the keywords of `api.check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sigcheck.cli.options import LOSSES, given_load, known_steps
from sigcheck.schema.errors import UsageError
from sigcheck.schema.near_name import near_names
from sigcheck.schema.printable import shortened

if TYPE_CHECKING:
    from sigcheck.schema.policy import Policy
    from sigcheck.schema.row_call import Map

# No axis is longer.
_LONGEST = 1 << 31


def check_keywords(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a check as keywords of `api.check`. Raises UsageError for a wrong one."""
    from sigcheck.cli.declarations import merge_facts, parse_fact, read_facts
    from sigcheck.schema.bind import with_constants

    return {
        "bind": with_constants(parse_bindings(options["bind"]), parse_constants(options["const"])) or None,
        "policy": _policy(options),
        "facts": merge_facts([*map(read_facts, options["facts_files"]), *map(parse_fact, options["fact"])]) or None,
        "verify": options["verify"],
        "timeout": options["timeout"],
        "load": given_load(load=options["load"], imports=options["imports"], lambdas=options["lambdas"]),
        "infer": not options["no_infer"],
        "example": options["example"],
        "map": _mapped(options),
        **({"state": parse_states(options["state"])} if options.get("state") else {}),
    }


def files_read(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that the options of a check name: of facts, and of an example."""
    return tuple(str(file) for file in (*options["facts_files"], options["example"]) if file is not None)


def _mapped(options: Mapping[str, Any]) -> Map:
    """Which model is called row by row."""
    if options["is_mapped"] and options["map_producer"]:
        raise UsageError("--map-producer", "beside --map, expected one model to be called row by row. Leave one out.")
    return "producer" if options["map_producer"] else options["is_mapped"]


def parse_bindings(pairs: Sequence[str]) -> dict[str, str | list[str]]:
    """`OUT=IN` pairs as a dict. Raises UsageError where one is no pair or stands twice.

    >>> parse_bindings(["output_0=x"]), parse_bindings(["a=x", "a=y"])
    ({'output_0': 'x'}, {'a': ['x', 'y']})
    """
    from sigcheck.schema.bind import add_pair
    from sigcheck.schema.junction_text import split_pair

    bindings: dict[str, str | list[str]] = {}
    for at, pair in enumerate(pairs):
        output, name = split_pair(pair)
        if not (output and name):
            problem = f"found {shortened(pair)!r}, expected OUT=IN. Write it like --bind output_0=x."
            raise UsageError("--bind", problem)
        if pair in pairs[:at]:
            raise UsageError("--bind", f"{shortened(pair)!r} stands twice, expected once. Leave one out.")
        add_pair(bindings, output, name)
    return bindings


def parse_states(pairs: Sequence[str]) -> dict[str, str]:
    """`OUT=IN` pairs as a dict. Raises UsageError where one is no pair, or an output stands twice.

    >>> parse_states(["state_out=state_in"])
    {'state_out': 'state_in'}
    """
    states: dict[str, str] = {}
    for pair in pairs:
        output, _, name = pair.partition("=")
        if not (output and name):
            problem = f"found {shortened(pair)!r}, expected OUT=IN. Write it like --state state_out=state_in."
            raise UsageError("--state", problem)
        if output in states:
            raise UsageError("--state", f"{shortened(output)!r} stands twice, expected once. Leave one out.")
        states[output] = name
    return states


def parse_constants(pairs: Sequence[str]) -> dict[str, bool | float | str]:
    """`IN=VALUE` pairs as a dict. Raises UsageError where one is no pair or stands twice.

    >>> parse_constants(["is_training=false", "threshold=0.5", "mode=fast"])
    {'is_training': False, 'threshold': 0.5, 'mode': 'fast'}
    """
    from sigcheck.cli.declarations import parse_scalar

    constants: dict[str, bool | float | str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        value = parse_scalar(text)
        if not (name and equals) or not isinstance(value, bool | int | float | str):
            problem = f"found {shortened(pair)!r}, expected IN=VALUE. Write it like --const is_training=false."
            raise UsageError("--const", problem)
        if name in constants:
            raise UsageError("--const", f"{shortened(name)!r} stands twice, expected once. Leave one out.")
        constants[name] = value
    return constants


def parse_losses(written: Sequence[str]) -> dict[str, Any]:
    """`LEVEL` and `IN=LEVEL` as fields of a policy. Raises UsageError for another level, and an input twice.

    >>> parse_losses(["exact", "mask=irreversible"])
    {'loss': 'exact', 'losses': {'mask': 'irreversible'}}
    """
    loss, losses = "rounding", dict[str, str]()
    for text in written:
        name, equals, level = text.rpartition("=")
        if level not in LOSSES or (equals and not name):
            problem = f"found {shortened(text)!r}, expected LEVEL or IN=LEVEL, LEVEL one of {', '.join(LOSSES)}"
            raise UsageError("--loss", f"{problem}. Write it like --loss truncating or --loss mask=irreversible.")
        if name in losses:
            raise UsageError("--loss", f"{shortened(name)!r} stands twice, expected once. Leave one out.")
        if equals:
            losses[name] = level
        else:
            loss = level
    return {"loss": loss, "losses": losses}


def _policy(options: Mapping[str, Any]) -> Policy:
    from sigcheck.schema.policy import Policy

    return Policy(
        **parse_losses(options["loss"]),
        assume=options["assume"],
        guard=not options["no_guard"],
        deny=_known_transforms("--deny", options["deny"]),
        allow=_known_transforms("--allow", options["allow"]),
        pad_value=_pad_value(options["pad_value"]),
        pad_side=options["pad_side"],
        trust=tuple(options["trust"]),
        max_length=_max_length(options["max_length"]),
    )


def _max_length(text: str | None) -> int | str | None:
    if text is None:
        return None
    from sigcheck.schema.policy import share_of

    if text.isascii() and text.isdecimal() and 0 < int(text) < _LONGEST:
        return int(text)
    if share_of(text) is None:
        problem = f"found {text!r:.80}, expected a length from 1 on, or auto. Write it like --max-length auto:99.9%."
        raise UsageError("--max-length", problem)
    return text


def _pad_value(text: str | None) -> float | bool | str | None:
    if text is None:
        return None
    from pydantic import TypeAdapter, ValidationError

    from sigcheck.cli.declarations import parse_scalar
    from sigcheck.schema.facts import Filler

    try:
        value: float | bool | str = TypeAdapter(Filler).validate_python(parse_scalar(text))
    except ValidationError:
        expected = "expected a finite number, true, false or a text"
        raise UsageError("--pad-value", f"found {text!r:.80}, {expected}. Write it like --pad-value 0.") from None
    return value


def _known_transforms(option: str, names: Sequence[str]) -> tuple[str, ...]:
    if names:
        known = known_steps(option)
        for name in names:
            if name not in known:
                near = near_names(name, known)
                hint = f"Did you mean {near[0]}?" if near else "`sigcheck explain` lists all."
                raise UsageError(option, f"no transform {name!r}. {hint}")
    return tuple(names)
