"""The command line: one command per file. The group below is the whole list.

Exit codes: 0 passed; 1 findings at level error; 2 could not check. No traceback, ever: what
goes wrong is one line on stderr.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any

import click

from sigcheck import __version__
from sigcheck.cli.output import complain, silence
from sigcheck.schema.errors import SigcheckError, UsageError
from sigcheck.schema.memory import OUT_OF_MEMORY, is_out_of_memory
from sigcheck.schema.printable import shortened
from sigcheck.schema.system_error import system_words

COULD_NOT_CHECK = 2
# 128 + SIGINT, as shells report an interrupted program.
INTERRUPTED = 130

COMMANDS = (
    *("show", "why", "check", "adapt", "verify", "fuse"),
    *("init", "lint", "lock", "diff"),
    *("observe", "explain", "doctor", "completion", "lsp"),
)

_TOO_DEEP = "sigcheck: something here is nested deeper than can be followed, expected a model or text that is not."

# What writing to a place that takes no more ends in.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

DEBUG_VARIABLE = "SIGCHECK_DEBUG"


def _print_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if not is_asked or context.resilient_parsing:
        return
    click.echo(f"sigcheck {__version__}")
    context.exit()


class CommandGroup(click.Group):
    """Commands that are imported when they are called: each in the file of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names. Raises UsageError where there is none."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from sigcheck.cli.mistakes import near

            meant = near(args[0], COMMANDS)
            cure = f"Did you mean {meant}?" if meant else "Write one of these."
            raise UsageError(args[0], f"no such command, expected {', '.join(COMMANDS[:-1])} or {COMMANDS[-1]}. {cure}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
    Examples:
      sigcheck show encoder
      sigcheck check encoder classifier.keras
      sigcheck adapt encoder classifier.keras -o adapter.py
      sigcheck explain rank_mismatch
      sigcheck lint

    Exit codes: 0 passed; 1 findings at level error; 2 could not check.""",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Print the version."
)
def cli() -> None:
    """Whether one model can feed another, and the adapter that makes it so.

    A source is a SavedModel folder, a model file, or a signature file as `show` prints it. A
    signature is named behind a #, as in encoder#serving_default.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line, `sys.argv` unless given, and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code: Any = cli.main(given, prog_name="sigcheck", standalone_mode=False)
    except click.ClickException as error:
        if given:
            from sigcheck.cli.mistakes import describe_mistake

            complain(describe_mistake(error))
        else:
            # The help page, as click gives it to a command line without a word.
            error.show()
        return COULD_NOT_CHECK
    except SigcheckError as error:
        for one in error.each:
            complain(str(one))
        return COULD_NOT_CHECK
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return INTERRUPTED
    except (MemoryError, RecursionError) as error:
        # What is allocated here must be little.
        complain(OUT_OF_MEMORY if isinstance(error, MemoryError) else _TOO_DEEP)
        return COULD_NOT_CHECK
    except Exception as error:  # noqa: BLE001  # whatever it is, people get one line and a way to report it
        return _unforeseen(error)
    return code if isinstance(code, int) else 0


def _unforeseen(error: Exception) -> int:
    """One line and a way to report it, whatever it is; of a current folder that was deleted, only that."""
    if isinstance(error, FileNotFoundError) and not _has_folder():
        complain("the current folder: deleted, expected one to work in. Change to another.")
        return COULD_NOT_CHECK
    if is_out_of_memory(error):
        complain(OUT_OF_MEMORY)
        return COULD_NOT_CHECK
    if isinstance(error, OSError) and error.filename is None and error.errno in _FULL:
        # Files are written elsewhere; pages of help by click.
        if sys.stdout is not None:
            silence(sys.stdout)
        complain(f"stdout: cannot be written: {system_words(error)}. Send it elsewhere.")
        return COULD_NOT_CHECK
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError) and error.filename is not None:
        # A file that was taken away, say, between two looks at it.
        place = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)
        complain(f"{shortened(place)}: cannot be used: {system_words(error)}. Check that it is there, and may be.")
        return COULD_NOT_CHECK
    complain(
        f"internal error: {type(error).__name__}: {error}; please report it "
        f"(run with {DEBUG_VARIABLE}=1 for the traceback)"
    )
    return COULD_NOT_CHECK


def _has_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109  # asked for its error
    except OSError:
        return False
    return True


def _lighten_pydantic() -> None:
    """Leaves out what pydantic imports at its start and nothing here uses: a seventh of what `show` takes.

    It searches every installed package for plugins, unless told not to, and then still imports what it would look
    with: importlib.metadata and, through it, email. For a type of secrets it loads hmac and, through it, OpenSSL.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _stand_in("pydantic.plugin._loader", get_plugins=tuple)
    _stand_in("secrets")


def _stand_in(name: str, **known: Any) -> None:
    """Puts a module in the place of one that is not loaded: it knows these names, and loads the real one for others.

    The lazy loader of the standard library loads as soon as another module imports the name.
    """
    answer = ModuleType(name)

    def ask_the_real_one(wanted: str) -> Any:
        if wanted.startswith("__"):
            # The import system asks every module for some of these.
            raise AttributeError(wanted)
        if sys.modules.get(name) is answer:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    vars(answer).update(known, __getattr__=ask_the_real_one)
    sys.modules.setdefault(name, answer)


def _fill_closed_descriptors() -> None:
    """Keeps the places of streams that the caller closed from files that are opened next.

    What is meant for stdout or stderr, here or in a worker, would be written into such a file.
    """
    if None not in {sys.stdin, sys.stdout, sys.stderr}:
        return
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004  # stdin, stdout and stderr
        pass
    os.close(descriptor)


def _take_signals() -> None:
    """Lets an interrupt, and what ends the process from outside, leave nothing behind.

    A build that runs out of time sends SIGTERM, a terminal that closes SIGHUP. A second one ends
    the process at once.
    """

    def leave(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise SystemExit(128 + number)

    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What the caller lets the command ignore, as nohup does, stays ignored.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)


def main() -> None:
    """The command, once it is loaded."""
    _fill_closed_descriptors()
    _lighten_pydantic()
    try:
        _take_signals()
        code = run()
    except KeyboardInterrupt:
        # Between two lines of what would have said it.
        code = INTERRUPTED
    # The interpreter searches all that is left for garbage, twice, before it lets go of it: an eighth of a small check.
    gc.freeze()
    sys.exit(code)
