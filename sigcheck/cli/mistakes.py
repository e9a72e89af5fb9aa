"""Mistakes: what click finds wrong with a command line, in one line: what was found, what was expected, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from sigcheck.schema.errors import bounded_line
from sigcheck.schema.near_name import near_name
from sigcheck.schema.printable import shortened

# How click begins what it says of a value, whatever its version.
_FOUND = re.compile(r"'?(?P<found>.*?)'? is not ", re.DOTALL)
# Nearer than difflib asks for by itself: --rule is not --quiet.
_NEAR = 0.7


def describe_mistake(error: click.ClickException) -> str:
    """`place: what was found, what was expected. What to do.` One line, whatever it quotes."""
    return bounded_line(_describe(error))


def _describe(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return _no_option(error)
    if isinstance(error, click.MissingParameter):
        return _missing(error)
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if isinstance(error, click.BadOptionUsage):
        is_bare = "requires" in error.message
        found, expected = ("nothing behind it", "a value") if is_bare else ("a value behind it", "none")
        return f"{error.option_name}: {found}, expected {expected}. See the command's --help."
    return f"{_command(error)}: {_begun_small(error.format_message())}. {_look_up(error)}"


def near(name: str, names: Iterable[str]) -> str | None:
    """The name that was meant, if one is close."""
    return near_name(name, names, _NEAR)


def _no_option(error: click.NoSuchOption) -> str:
    known = [] if error.ctx is None else [name for option in error.ctx.command.params for name in option.opts]
    meant = near(error.option_name, [name for name in known if name.startswith("--")])
    cure = f"Did you mean {meant}?" if meant else _look_up(error)
    return f"{_command(error)}: no option {shortened(error.option_name)!r}. {cure}"


def _missing(error: click.MissingParameter) -> str:
    if error.ctx is None or error.param is None:
        return f"{_command(error)}: {_begun_small(error.format_message())}. {_look_up(error)}"
    if isinstance(error.param, click.Option):
        return f"{_command(error)}: no {' or '.join(error.param.opts)}, expected one. {_look_up(error)}"
    wanted = " ".join([error.ctx.command_path, *error.ctx.command.collect_usage_pieces(error.ctx)[1:]])
    return f"{_command(error)}: too few arguments, expected `{wanted}`. {_look_up(error)}"


def _bad_value(error: click.BadParameter) -> str:
    parameter = error.param
    place = _command(error) if not isinstance(parameter, click.Option) else max(parameter.opts, key=len)
    said, kind = _FOUND.match(error.message), None if parameter is None else parameter.type
    found = None if said is None else shortened(said["found"])
    if said is not None and isinstance(kind, click.Choice):
        choices = [str(choice) for choice in kind.choices]
        meant = near(said["found"], choices)
        cure = f"Did you mean {meant}?" if meant else "Write one of these."
        return f"{place}: found {found!r}, expected {', '.join(choices[:-1])} or {choices[-1]}. {cure}"
    if said is not None and isinstance(kind, click.FloatRange):
        return f"{place}: found {found!r}, expected a number above {kind.min:g}. Write one, such as 60."
    return f"{place}: {_begun_small(error.message)}. {_look_up(error)}"


def _command(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return "sigcheck" if context is None else str(context.info_name)


def _look_up(error: click.ClickException) -> str:
    """Where to read what the command takes."""
    context = getattr(error, "ctx", None)
    path = "sigcheck" if context is None else context.command_path
    return f"See `{path} --help`."


def _begun_small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")
