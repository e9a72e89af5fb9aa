"""`sigcheck lock`: the signatures of all models, agreed and committed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigcheck.cli.output import complain, page, say, write_whole
from sigcheck.cli.permissions import given_permission, project_options
from sigcheck.cli.project import config_option, load_project

if TYPE_CHECKING:
    from sigcheck.project.lock_file import Lock


@click.command(
    short_help="Write or check the signatures as agreed.",
    epilog="""\b
    Examples:
      sigcheck lock
      sigcheck lock --check

    Exit codes: 0 written, or up to date; 1 --check found it out of date; 2 could not check.""",
)
@config_option
@project_options
@click.option("--check", is_flag=True, help="Write nothing; say whether the lock is up to date.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what goes wrong.")
def lock(*, config_file: Path | None, check: bool, quiet: bool, **permitted: bool) -> int:
    """Write sigcheck.lock beside the config: the signature of every model, in a text made for reviews.

    A model that is not on this machine, or that nobody asked to be opened, keeps its entry. The
    lint reports what differs from the lock, and answers from it where a model is elsewhere.
    """
    from sigcheck.encodings.confined import require_writable
    from sigcheck.project.agree import agree
    from sigcheck.project.lock_file import FILE, read_lock, write_lock
    from sigcheck.project.read_models import read_models
    from sigcheck.reports.parts.finding import render_finding

    config = load_project(config_file)
    path = config.folder / FILE
    permission = given_permission(**permitted)
    old = read_lock(permission.path(config.folder, FILE))
    readings = read_models(config, old, permission)
    new = agree(readings, old)
    is_same = old is not None and write_lock(new) == path.read_text(encoding="utf-8")
    # That a graph proves more than was locked breaks nobody; a newer version of sigcheck may see more too.
    is_agreed = check and old is not None and _without_inferred(old) == _without_inferred(new)
    if is_same or (is_agreed and not any(reading.changes for reading in readings.values())):
        if not quiet:
            complain(f"{path}: up to date")
        return 0
    if not check:
        require_writable(config.folder, FILE)
        write_whole(path, write_lock(new))
    if not quiet:
        for name, reading in readings.items():
            for change in reading.changes:
                say("\n".join(render_finding(change, page(), name)))
        told = "there is no lock" if check and old is None else _difference(old, new)
        complain(f"{path}: {told}{'. Write it with `sigcheck lock` and commit it.' if check else ''}")
    return 1 if check else 0


def _without_inferred(lock: Lock) -> dict[str, object]:
    return {
        name: entry.model_copy(update={"signature": entry.signature.without_inferred()})
        for name, entry in lock.models.items()
    }


def _difference(old: Lock | None, new: Lock) -> str:
    """How many entries are new, changed and gone. Compared as written: why a graph proves a fact is not locked."""
    from sigcheck.project.lock_file import write_entry

    before, after = (
        {} if lock is None else {name: write_entry(name, entry) for name, entry in lock.models.items()}
        for lock in (old, new)
    )
    counts = {
        "new": sum(name not in before for name in after),
        "changed": sum(name in before and before[name] != text for name, text in after.items()),
        "gone": sum(name not in after for name in before),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "written another way"
