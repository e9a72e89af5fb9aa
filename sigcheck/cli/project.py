"""What commands on a whole project share: its config, its cache, and how far adapters are proved."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sigcheck.cli.options import LEVELS, timeout_option, with_options

if TYPE_CHECKING:
    from sigcheck.config.config import Config
    from sigcheck.project.cache import Cache

Command = TypeVar("Command", bound=Callable[..., Any])

# In seconds, for the proofs of all links. TensorFlow takes some ten to start, an adapter some tenths.
DEFAULT_TIMEOUT = 600.0

# As decorators: they add the parameters `config_file`, and `verify`, `timeout` and `no_cache`.
config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The config. [default: sigcheck.toml or pyproject.toml, here or above]",
)
_LINT = (
    click.option(
        "--verify",
        type=click.Choice(LEVELS),
        help="How far adapters are proved. [default: executed where TensorFlow is installed]",
    ),
    timeout_option(DEFAULT_TIMEOUT),
    click.option("--no-cache", is_flag=True, help="Plan and prove everything anew."),
)


def lint_options(command: Command) -> Command:
    """Adds what every lint may be told."""
    return with_options(command, _LINT)


def locate_project(config_file: Path | None) -> Path:
    """Where the config is that is named, or the nearest one, from the current folder, as reports show it."""
    from sigcheck.config.find import find_config

    path = config_file or find_config(Path())
    try:
        return Path(os.path.relpath(path))
    except ValueError:
        # Windows: on another drive than the current folder.
        return path.absolute()


def load_project(config_file: Path | None) -> Config:
    """The config of a file, or the nearest one."""
    from sigcheck.config.load import load_config

    return load_config(locate_project(config_file))


def open_cache(*, no_cache: bool) -> Cache:
    """The cache of the user, or one that keeps nothing beyond this run."""
    from sigcheck.project.cache import Cache

    return Cache(None) if no_cache else Cache.of_user()
