"""What a person permits `pytest --sigcheck`, in the command line or the environment.

The files of a repository can add options too (`addopts`): of them none counts here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from sigcheck.encodings.permission import Permission

REMOTE = "--sigcheck-remote"
OUTSIDE = "--sigcheck-allow-outside"
LOAD = "--sigcheck-load"
CONFIG = "--sigcheck-config"


def permitted(config: pytest.Config) -> Permission:
    """The permission for one run. Raises UsageError where the environment holds something else."""
    from sigcheck.cli.permissions import remote_by_environment
    from sigcheck.encodings.permission import Permission

    # Given in full: pytest takes no abbreviated options.
    given = config.invocation_params.args
    is_remote, is_private = remote_by_environment()
    return Permission.given(
        remote=is_remote or REMOTE in given, private=is_private, outside=OUTSIDE in given, load=LOAD in given
    )


def require_permitted_config(config: pytest.Config, path: Path) -> None:
    """Raises UsageError for a config outside the root folder that nobody named in the command line."""
    from sigcheck.encodings.confined import is_within

    is_given = any(one == CONFIG or one.startswith(f"{CONFIG}=") for one in config.invocation_params.args)
    if not is_given and not is_within(config.rootpath, path):
        expected = "expected a config in the root folder where no person names it"
        raise pytest.UsageError(f"{CONFIG}: outside the root folder, {expected}. Name it in the command line.")
