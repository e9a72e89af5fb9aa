"""`sigcheck adapt`: the adapter as code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sigcheck.cli.options import MODEL_FORMATS, check_keywords, format_option, pair_options
from sigcheck.cli.output import complain, page, say, tell, write_whole
from sigcheck.cli.progress import shown_progress
from sigcheck.schema.errors import UsageError

# What the docstring of every emitted adapter says; a file without it was written by people.
MARKER = "Written by `sigcheck adapt`"

# An adapter is a few kilobytes. A larger file is not parsed to learn whether it is one.
_MOST_BYTES = 4 * 2**20


@click.command(
    short_help="Write the adapter between two sources.",
    epilog="""\b
    Examples:
      sigcheck adapt encoder classifier.keras
      sigcheck adapt encoder classifier.keras -o adapter.py
      sigcheck adapt sensor.keras scorer --facts facts.toml -o scale.py

    Exit codes: 0 written; 1 findings at level error, nothing written; 2 could not check.""",
)
@pair_options
@format_option(MODEL_FORMATS)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, whole or not.")
@click.option("--force", is_flag=True, help="Overwrite FILE though sigcheck did not write it.")
def adapt(*, producer: str, consumer: str, output: Path | None, force: bool, **options: Any) -> int:
    """Write the adapter that lets PRODUCER feed CONSUMER: plain TensorFlow, to be committed.

    Without -o the code goes to stdout. What was found goes to stderr; nothing is written where
    a finding is an error. A FILE that sigcheck did not write is kept, unless --force is given.
    """
    from sigcheck import api
    from sigcheck.reports import FORMATS

    keywords = check_keywords(options)
    if output is not None and not force:
        keep_foreign(output)
    with shown_progress(f"adapting {producer} -> {consumer}"):
        report = api.check(producer, consumer, **keywords)
    code, adapter = int(report.exit_code), report.result.adapter
    is_json, is_quiet = options["format_name"] == "json", options["quiet"]
    text = FORMATS[options["format_name"]].render_check(
        report.result, page(is_verbose=options["verbose"], is_quiet=is_quiet)
    )
    if is_json:
        say(text)
    elif code or not is_quiet:
        tell(text)
    if code or adapter is None:
        if not is_quiet:
            complain("no adapter written" if code else "no adapter needed, none written")
        return code
    if output is not None:
        write_whole(output, adapter.source)
        if not is_quiet:
            complain(f"wrote {output}")
    elif not is_json:
        say(adapter.source.rstrip("\n"))
    return code


def keep_foreign(path: Path) -> None:
    """Raises UsageError where a file is there that sigcheck did not write."""
    if not path.exists():
        return
    if path.is_dir():
        raise UsageError(str(path), "a folder, expected a file. Name a file in it.")
    if not _is_own(path):
        raise UsageError(str(path), "is there already, and sigcheck did not write it. Overwrite it with --force.")


def _is_own(path: Path) -> bool:
    import ast

    try:
        if path.stat().st_size > _MOST_BYTES:
            return False
        module = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return MARKER in (ast.get_docstring(module) or "")
