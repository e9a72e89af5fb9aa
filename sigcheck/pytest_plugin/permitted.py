"""What a person permits `pytest --sigcheck`, in the command line or the environment.

The files of a repository can add options too (`addopts`): of them none counts here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sigcheck.encodings.permission import Permission

REMOTE = "--sigcheck-remote"
OUTSIDE = "--sigcheck-allow-outside"


def permitted(config: pytest.Config) -> Permission:
    """The permission for one run. Raises UsageError where the environment holds something else."""
    from sigcheck.cli.permissions import remote_by_environment
    from sigcheck.encodings.permission import Permission

    # Given in full: pytest takes no abbreviated options.
    given = config.invocation_params.args
    is_remote, is_private = remote_by_environment()
    return Permission.given(remote=is_remote or REMOTE in given, private=is_private, outside=OUTSIDE in given)
