"""Cures in the words of the config: the options of the command line as its keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sigcheck.encodings.toml_text import write_key, write_value
from sigcheck.rules.words.option import BESIDE, OR_BY_BOTH, Option, rewrite_options
from sigcheck.schema.passed import INPUT, giver_of
from sigcheck.schema.signature import Signature

# A link takes of any model that is named as those of a link are.
_BESIDE = 'take it of another model with bind = { "MODEL.OUT" = "IN" }'


class LinkModels(NamedTuple):
    """The models of a link, as the config names them; `signatures` are those of all, any of which it may take of."""

    producer: str
    consumer: str
    signatures: Mapping[str, Signature]

    def owner(self, side: str, name: str) -> tuple[str, str]:
        """The model that a tensor of this side is of, and what a link from that model calls it."""
        if side == "consumer":
            return self.consumer, name
        return giver_of(name, self.producer, self.signatures) or (self.producer, name)


def in_config(text: str, link: LinkModels) -> str:
    """The text with each option written as a line of the config.

    >>> link = LinkModels("encoder", "ranker", {})
    >>> in_config("say which with --bind mean=query", link)
    'say which with bind = { mean = "query" }'
    >>> in_config("let it, with --loss mask=irreversible", link)
    'let it, with policy = { losses = { mask = "irreversible" } }'
    >>> in_config("tell it with --const mask=VALUE", link)
    'tell it with const = { mask = VALUE }'
    >>> in_config("declare it with --fact consumer.x.range=0,255", link)
    'declare it with models.ranker.inputs.x.range = [0, 255]'
    >>> in_config("declare it with --fact producer.input.image.range=0,255", link)
    'declare it with models.encoder.inputs.image.range = [0, 255]'
    """
    text = text.partition(OR_BY_BOTH)[0].replace(BESIDE, _BESIDE)
    return rewrite_options(text, lambda option: config_line(option, link))


def as_tables(options: Iterable[Option], link: LinkModels) -> str:
    """The options as text for a config: a table for each tensor, that may stand anywhere behind its model.

    What belongs into the entry of the link stands below a comment that says so.

    >>> from sigcheck.rules.words.option import cures
    >>> (way,) = cures("--fact consumer.x.range=0,255 and --fact consumer.x.meaning=pixels and --bind y=x")
    >>> print(as_tables((option for _, option in way), LinkModels("encoder", "ranker", {})))
    [models.ranker.inputs.x]
    range = [0, 255]
    meaning = "pixels"
    # in the [[links]] entry from "encoder" to "ranker":
    bind = { y = "x" }
    """
    tables: dict[str, list[str]] = {}
    keys: dict[str, dict[str, object]] = {"bind": {}, "policy": {}}
    lines: list[str] = []
    for option in options:
        if option.name == "fact":
            *_, fact = option.path
            tables.setdefault(_tensor(option, link), []).append(f"{fact} = {write_value(option.value)}")
        elif option.name == "bind":
            name, known = option.path[0], keys["bind"].get(option.path[0])
            keys["bind"][name] = option.value if known is None else [*_listed(known), option.value]
        elif option.name in {"const", "map", "example"}:
            lines.append(config_line(option, link))
        else:
            keys["policy"] |= _policy(option)
    lines = [*(f"{key} = {write_value(value)}" for key, value in keys.items() if value), *lines]
    where = f"# in the [[links]] entry from {write_value(link.producer)} to {write_value(link.consumer)}:"
    told = [line for name, facts in tables.items() for line in (f"[{name}]", *facts)]
    return "\n".join([*told, *([where] if lines else []), *lines])


class Place(NamedTuple):
    """Where a config says what an option does: a member of the table `key` of an entry, by default that of the link."""

    table: tuple[str, ...] | None
    key: tuple[str, ...]
    member: dict[str, object]


def place_in_config(option: Option, link: LinkModels) -> Place | None:
    """Where the option belongs in a config; None of one that needs more than is said.

    >>> from sigcheck.rules.words.option import cures
    >>> ((_, option),) = next(cures("--fact consumer.x.range=0,255"))
    >>> place_in_config(option, LinkModels("encoder", "ranker", {}))
    Place(table=('models', 'ranker'), key=('inputs', 'x'), member={'range': [0, 255]})
    """
    if option.name == "fact":
        side, name, fact = option.path
        model, own = link.owner(side, name)
        return Place(("models", model), _end(side, own), {fact: option.value})
    if option.name == "bind":
        return Place(None, ("bind",), {option.path[0]: option.value})
    if option.name in {"const", "map", "example"}:
        return None
    return Place(None, ("policy",), _policy(option))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _tensor(option: Option, link: LinkModels) -> str:
    """The key of the tensor that a fact is of."""
    side, name, _ = option.path
    model, own = link.owner(side, name)
    return tensor_key(model, side, own)


def tensor_key(model: str, side: str, name: str) -> str:
    """The key of a tensor of the model on this side of a link, as the link names it.

    >>> tensor_key("decoder", "producer", "pixels")
    'models.decoder.outputs.pixels'
    """
    end, name = _end(side, name)
    return f"models.{write_key(model)}.{end}.{write_key(name)}"


def _end(side: str, name: str) -> tuple[str, str]:
    """The side of its own model that a tensor of this side of a link is on, and its name there."""
    if side == "producer" and name.startswith(f"{INPUT}."):
        return "inputs", name.removeprefix(f"{INPUT}.")
    return "outputs" if side == "producer" else "inputs", name


def _policy(option: Option) -> dict[str, object]:
    value = [option.value] if option.name in {"allow", "deny"} else option.value
    return {option.name: {option.path[0]: option.value} if option.name == "losses" else value}


def config_line(option: Option, link: LinkModels) -> str:
    """The option as a line: a fact stands at the top, anything else in the entry of the link."""
    if option.name == "bind":
        return f"bind = {write_value({option.path[0]: option.value})}"
    if option.name == "const":
        return f"const = {{ {write_key(option.path[0])} = {option.value} }}"
    if option.name == "map":
        return f"map = {write_value(option.value)}"
    if option.name == "example":
        return f"example = {write_value(option.value)}"
    if option.name == "fact":
        return f"{_tensor(option, link)}.{option.path[2]} = {write_value(option.value)}"
    return f"policy = {write_value(_policy(option))}"
