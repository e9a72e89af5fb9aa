"""`python -m sigcheck` is the command `sigcheck`."""

from __future__ import annotations

import os
import sys


def _leave_working_folder() -> None:
    """Takes the working folder, which `python -m` adds and the command does not, off the import path.

    A `numpy.py` or `tensorflow.py` beside the models would be run instead of what is meant. A
    clone that is not installed is imported from there: it stays.
    """
    try:
        folder = os.getcwd()  # noqa: PTH109  # pathlib takes part of the time of a start
    except OSError:
        # It was deleted: nothing can be imported from it.
        folder = ""
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  # the same
    if sys.path and sys.path[0] in {"", folder} and home != folder:
        del sys.path[0]


if __name__ == "__main__":
    _leave_working_folder()
    from sigcheck.cli import main

    main()
