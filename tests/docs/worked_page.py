"""A worked page: a Markdown page whose blocks tell one story, run in order in one empty folder.

A `python` block runs in the scope of the blocks before it; the `text` block that follows it is what
it printed, the last line of a traceback included. In a `console` block `$ sigcheck ...` runs the
command line and `$ cat FILE` prints a file. A `toml` block that begins with `# FILE` is that file.
Adapters are proved as in the worker process, but in this one: a page would start TensorFlow once for
each command otherwise.

    python -m tests.docs.worked_page PAGE...      writes what was printed into the pages
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.docs.examples import commands

_BLOCK = re.compile(r"^```(python|text|console|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_page(page: Path) -> str:
    """The text of the page, with what its blocks print now. Writes into the working folder."""
    text = page.read_text("utf-8")
    scope: dict[str, Any] = {"__name__": "page"}
    parts, done = [], 0
    found = list(_BLOCK.finditer(text))
    printed = ""
    for block, after in zip(found, [*found[1:], None], strict=True):
        language, content = block.groups()
        if language == "python":
            # Empty lines before it, so that tracebacks and AutoGraph find the line on the page.
            source = "\n" * text.count("\n", 0, block.start(2)) + content
            printed = _run_python(source, scope, page, may_fail=after is not None and after[1] == "text")
        elif language == "toml":
            Path(content.split("\n", 1)[0].removeprefix("# ")).write_text(content, "utf-8")
        else:
            content = printed if language == "text" else _run_console(content, page)
            parts += [text[done : block.start(2)], content]
            done = block.end(2)
    return "".join([*parts, text[done:]])


def _run_python(source: str, scope: dict[str, Any], page: Path, *, may_fail: bool) -> str:
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(source, str(page), "exec"), scope)
    except Exception as error:
        if not may_fail:
            raise
        out.write("".join(traceback.format_exception_only(error)))
    # Layers end lines with spaces; no page should.
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().rstrip().splitlines())


def _run_console(content: str, page: Path) -> str:
    from sigcheck.cli import run

    parts = []
    for command in commands(content):
        program, *arguments = shlex.split(command.text)
        out = io.StringIO()
        if program == "cat":
            if not Path(arguments[0]).exists():
                raise FileNotFoundError(f"{page.name}: $ {command.text}, after\n" + "".join(parts))
            out.write(Path(arguments[0]).read_text("utf-8"))
        elif program == "sigcheck":
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                run(arguments)
        else:
            raise ValueError(f"{page.name}: {command.text} cannot be run")
        printed = out.getvalue().rstrip()
        if "no answer in time" in printed:
            # What a machine says that does too much else is nothing for a page.
            raise TimeoutError(f"{page.name}: $ {command.text}: {printed}")
        parts.append(f"$ {command.text}\n" + (f"{printed}\n\n" if printed else ""))
    return "".join(parts).rstrip() + "\n"


def _prove_here(jobs: Sequence[Any], level: Any, _: float) -> tuple[Any, ...]:
    from sigcheck.transforms import BY_NAME
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    return tuple(prove(job, level, BY_NAME, TensorFlowRunner()) for job in jobs)


@contextlib.contextmanager
def empty_folder() -> Iterator[Path]:
    """A new working folder, in which modules can be imported and Keras counts its names from the start."""
    import keras

    keras.utils.clear_session()
    before = Path.cwd()
    with (
        tempfile.TemporaryDirectory() as name,
        patch.dict(os.environ, {"COLUMNS": "80"}),
        patch.object(sys, "path", [name, *sys.path]),
        patch.object(sys, "dont_write_bytecode", True),
        patch("sigcheck.verification.verify.verify", _prove_here),
    ):
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)
            # Other modules stay: one that is imported a second time has other classes than those who know the first.
            for module in [one for one, of in sys.modules.items() if _stands_in(of, name)]:
                del sys.modules[module]


def _stands_in(module: Any, folder: str) -> bool:
    return (getattr(module, "__file__", None) or "").startswith(folder + os.sep)


def main(pages: Sequence[str]) -> None:
    """Writes what was printed into the pages."""
    for page in [Path(page).absolute() for page in pages]:
        with empty_folder():
            text = run_page(page)
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
