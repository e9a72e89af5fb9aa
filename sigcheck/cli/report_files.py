"""Report files: `--output FORMAT=FILE`, several in one run, each written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from sigcheck.cli.options import files
from sigcheck.cli.output import require_place, write_whole
from sigcheck.reports import FORMATS
from sigcheck.schema.errors import UsageError

# Of a report that is longer, its beginning and its end are looked at: no page is read whole for its first line.
_LOOKED_AT = 64 * 1024


def _formats(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Completes the name of a format, and what stands before its file."""
    return [f"{name}=" for name in FORMATS if f"{name}=".startswith(incomplete)]


# As a decorator: it adds the parameter `outputs`, for `parse_outputs`.
output_option = click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    shell_complete=_formats,
    help=f"Write the report to a file too, in one of {', '.join(FORMATS)}. Repeatable.",
)

# As a decorator: it adds the parameter `html`, for `parse_outputs`.
html_option = click.option(
    "--html", metavar="FILE", shell_complete=files, help="Write it as a web page: --output html=FILE."
)


def parse_outputs(pairs: Sequence[str], html: str | None = None) -> tuple[tuple[str, Path], ...]:
    """`FORMAT=FILE` pairs, and the file of `--html`. Raises UsageError where a pair, format or file is wrong.

    >>> parse_outputs(["json=fit.json"])[0][0]
    'json'
    """
    found: dict[Path, tuple[str, Path]] = {}
    for pair in (*pairs, *([] if html is None else [f"html={html}"])):
        name, equals, file = pair.partition("=")
        if not (equals and file) or name not in FORMATS:
            expected = f"expected FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}"
            raise UsageError("--output", f"found {pair!r}, {expected}. Write it like --output sarif=fit.sarif.")
        path = Path(file)
        if os.path.isdir(path):  # noqa: PTH112  # Path raises for names that are too long
            raise UsageError("--output", f"{file!r} is a folder, expected a file. Name a file in it.")
        _keep_what_is_no_report(path, name)
        # As it is written: what leads there may be written in two ways.
        target = Path(os.path.realpath(path.parent), path.name)
        if target in found:
            raise UsageError("--output", f"{file!r} is named twice, expected once. Give each format a file of its own.")
        found[target] = name, path
    return tuple(found.values())


def _keep_what_is_no_report(path: Path, name: str) -> None:
    """Raises UsageError where what is there is no report of an earlier run: a model, say, the config, or notes."""
    if require_place(path) or not path.is_file():
        return
    try:
        with path.open("rb") as file:
            content = file.read(_LOOKED_AT)
            rest = file.seek(0, os.SEEK_END) - len(content)
            file.seek(-min(rest, _LOOKED_AT), os.SEEK_END)
            content += file.read(_LOOKED_AT)
    except OSError:
        # Writing it says what is wrong.
        return
    # What is empty is a place that somebody made for it. Git may have written the lines of a report anew.
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    if text and not FORMATS[name].KNOWN_BY.search(text):
        problem = f"is there already, and no report in {name}, expected one of an earlier run or nothing"
        raise UsageError(str(path), f"{problem}. Name another file, or delete this one.")


def write_reports(files: Sequence[tuple[str, Path]], render: Callable[[str], str]) -> None:
    """Writes one report to each file; `render` gives the text of a format by its name.

    All are rendered before the first is written. Raises UsageError where one cannot be written.
    """
    texts = [(path, render(name)) for name, path in files]
    for path, text in texts:
        write_whole(path, f"{text}\n")
