"""Folder: the current folder of who asks, which relative paths are meant from."""

from __future__ import annotations

import os


def enter(folder: str) -> None:
    """Lets relative paths mean in a worker what they mean to who asks. Its process is the pipeline's, or is theirs."""
    if os.getcwd() != folder:  # noqa: PTH109  # compared as text
        os.chdir(folder)
