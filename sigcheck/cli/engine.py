"""Engine: where many things are read or checked, and the options of the pipeline that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from sigcheck.schema.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])

BEAM = "beam"


def engine_option(what: str) -> Callable[[Command], Command]:
    """Adds `--engine`, of a command that does so much."""
    return click.option(
        "--engine",
        type=click.Choice(("local", BEAM)),
        default="local",
        show_default=True,
        help=f"{what} here, or on Apache Beam; what stands behind -- are the options of its pipeline.",
    )


def parted(words: Sequence[str], engine: str) -> tuple[list[str], list[str]]:
    """The arguments of a command, and the options of the pipeline among them. Raises UsageError for some of none."""
    options = [one for one in words if one.startswith("--")]
    if options and engine != BEAM:
        raise UsageError(options[0], f"an option of a pipeline, and --engine {engine} has none. Say --engine beam.")
    return [one for one in words if one not in options], options
