"""Permissions: what a person lets the files of a project make sigcheck open, by options or by the environment.

Never by the config: whoever writes it may be a stranger.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sigcheck.cli.options import with_options
from sigcheck.schema.errors import UsageError

if TYPE_CHECKING:
    from sigcheck.encodings.permission import Permission

Command = TypeVar("Command", bound=Callable[..., Any])

REMOTE_VARIABLE = "SIGCHECK_REMOTE"
# What the variable may hold, and whether it asks for public and for private addresses.
_VALUES = {
    "": (False, False),
    "0": (False, False),
    "false": (False, False),
    "1": (True, False),
    "true": (True, False),
    "private": (True, True),
}

_OPTIONS = (
    click.option(
        "--remote",
        is_flag=True,
        help=f"Read the models that the config names by an address, too. [also: {REMOTE_VARIABLE}=1]",
    ),
    click.option(
        "--remote-private",
        is_flag=True,
        help="And those of this machine, of private networks, and of http://.",
    ),
    click.option("--allow-outside", is_flag=True, help="Read what it names outside its folder, too."),
)
_LOAD = click.option(
    "--load", is_flag=True, help="Load the models of which the config says so: they, and what it imports, are programs."
)


def permission_options(command: Command) -> Command:
    """Adds the parameters `remote`, `remote_private` and `allow_outside`, for `given_permission`."""
    return with_options(command, _OPTIONS)


def project_options(command: Command) -> Command:
    """The same with `load`, for the commands that read the models of a config."""
    return with_options(command, (*_OPTIONS, _LOAD))


def given_permission(*, remote: bool, remote_private: bool, allow_outside: bool, load: bool = False) -> Permission:
    """What the options and the environment permit. Raises UsageError where the variable holds something else."""
    from sigcheck.encodings.permission import Permission

    is_remote, is_private = remote_by_environment()
    return Permission.given(
        remote=remote or is_remote, private=remote_private or is_private, outside=allow_outside, load=load
    )


def remote_by_environment() -> tuple[bool, bool]:
    """Whether the environment asks for addresses, and for private ones. Raises UsageError for another value."""
    value = os.environ.get(REMOTE_VARIABLE, "")
    if value.lower() not in _VALUES:
        raise UsageError(REMOTE_VARIABLE, f"found {value!r:.80}, expected 1, private or nothing. Correct it.")
    return _VALUES[value.lower()]
