"""`python -m sigcheck` is the command `sigcheck`."""

from __future__ import annotations

import gc
import os
import signal
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
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  # no pathlib at the start
    if sys.path and sys.path[0] in {"", folder} and home != folder:
        del sys.path[0]


def main() -> None:
    """The entry point of the `sigcheck` command.

    Until the command line is loaded, which can say it in words, an interrupt ends the process as it
    ends any program, and a lack of memory is one line.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Importing makes many objects and hardly any garbage: a small check, of 60,000, is never searched for it.
    gc.set_threshold(100_000)
    from sigcheck.schema.memory import OUT_OF_MEMORY, is_out_of_memory

    try:
        from sigcheck.cli import main as start
    except (MemoryError, OSError, ImportError, SystemError) as error:
        if not is_out_of_memory(error):
            raise
        os.write(2, f"sigcheck: {OUT_OF_MEMORY}\n".encode())
        os._exit(2)
    start()


if __name__ == "__main__":
    _leave_working_folder()
    main()
