"""Cures in the words of the config: the options of the command line as its keys."""

from __future__ import annotations

from sigcheck.encodings.toml_text import write_key, write_value
from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.rules.words.option import Option, rewrite_options
from sigcheck.schema.passed import INPUT
from sigcheck.schema.project import LintedLink


def tell_in_config(link: LintedLink) -> LintedLink:
    """The link with what keeps its bindings blocked told in the words of the config."""
    if link.check is None or not any(one.obstacle for one in link.check.bindings):
        return link
    bindings = []
    for one in link.check.bindings:
        told = tuple(in_config(line, link.producer, link.consumer) for line in tell_obstacle(one))
        said = None if one.obstacle is None else one.obstacle.model_copy(update={"told": told})
        bindings.append(one.model_copy(update={"obstacle": said}))
    return link.model_copy(update={"check": link.check.model_copy(update={"bindings": tuple(bindings)})})


def in_config(text: str, producer: str, consumer: str) -> str:
    """The text with each option written as a line of the config; the sides are models that it names.

    >>> in_config("say which with --bind mean=query", "encoder", "ranker")
    'say which with bind = { mean = "query" }'
    >>> in_config("let it, with --loss mask=irreversible", "encoder", "ranker")
    'let it, with policy = { losses = { mask = "irreversible" } }'
    >>> in_config("tell it with --const mask=VALUE", "encoder", "ranker")
    'tell it with const = { mask = VALUE }'
    >>> in_config("declare it with --fact consumer.x.range=0,255", "encoder", "ranker")
    'declare it with models.ranker.inputs.x.range = [0, 255]'
    >>> in_config("declare it with --fact producer.input.image.range=0,255", "encoder", "ranker")
    'declare it with models.encoder.inputs.image.range = [0, 255]'
    """

    def line(option: Option) -> str:
        if option.name == "bind":
            return f"bind = {write_value({option.path[0]: option.value})}"
        if option.name == "const":
            return f"const = {{ {write_key(option.path[0])} = {option.value} }}"
        if option.name == "map":
            return f"map = {write_value(option.value)}"
        if option.name == "example":
            return f"example = {write_value(option.value)}"
        if option.name == "fact":
            side, name, fact = option.path
            model, end = (producer, "outputs") if side == "producer" else (consumer, "inputs")
            if side == "producer" and name.startswith(f"{INPUT}."):
                end, name = "inputs", name.removeprefix(f"{INPUT}.")
            return f"models.{write_key(model)}.{end}.{write_key(name)}.{fact} = {write_value(option.value)}"
        value = [option.value] if option.name in {"allow", "deny"} else option.value
        value = {option.path[0]: option.value} if option.name == "losses" else value
        return f"policy = {write_value({option.name: value})}"

    return rewrite_options(text, line)
