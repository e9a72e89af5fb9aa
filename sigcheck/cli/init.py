"""`sigcheck init`: a config for the models in a folder."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from sigcheck.cli.output import complain, write_whole
from sigcheck.cli.progress import shown_progress
from sigcheck.schema.errors import SourceError, UsageError


@click.command(
    short_help="Write a config for the models in a folder.",
    epilog="""\b
    Examples:
      sigcheck init
      sigcheck init pipeline

    Exit codes: 0 written; 2 there is a config already, or the folder cannot be read.""",
)
@click.argument("folder", type=click.Path(path_type=Path), default=".", required=False)
def init(*, folder: Path) -> int:
    """Look for models in FOLDER, and write sigcheck.toml there: the models, and the links that fit.

    Links that need an adapter stand in it as comments, to be chosen from. Each model has at most
    three links, and none closes a cycle: what was left out is said. Its first line names the JSON
    Schema, written beside it where none is there, by which editors complete and check it. A config
    that is there is never changed.
    """
    from sigcheck.config.editor_schema import write_editor_schema
    from sigcheck.config.find import FILE, find_config
    from sigcheck.encodings.confined import require_writable
    from sigcheck.project.propose import SCHEMA_FILE, propose

    if not os.path.isdir(folder):  # noqa: PTH112  # Path raises for names that are too long
        kind = "a file" if os.path.exists(folder) else "no such folder"  # noqa: PTH110  # Path raises for names that are too long
        raise UsageError(str(folder), f"{kind}, expected the folder of the models. Name it, or leave it out.")
    require_writable(folder, FILE)
    try:
        found = find_config(folder)
    except SourceError:
        found = None
    if found is not None and found.parent == folder.absolute():
        raise UsageError(str(folder / found.name), "there is a config already, and init changes none. Edit it.")
    with shown_progress(f"looking for models in {folder}"):
        text = propose(folder)
    if not os.path.lexists(folder / SCHEMA_FILE):
        require_writable(folder, SCHEMA_FILE)
        write_whole(folder / SCHEMA_FILE, write_editor_schema())
    write_whole(folder / FILE, text)
    there = "" if folder.absolute() == Path.cwd() else f" --config {shlex.quote(str(folder / FILE))}"
    complain(f"wrote {folder / FILE}; look at it, then run `sigcheck lint{there}`")
    return 0
