"""Forms: what `sigcheck adapt --as` writes, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigcheck.cli.kept_sources import keep_sources
from sigcheck.cli.output import require_place, write_whole
from sigcheck.schema.errors import SourceError, UsageError

if TYPE_CHECKING:
    from sigcheck.api import Report

# What the docstring of every emitted adapter says; a file without it was written by people.
MARKER = "Written by `sigcheck adapt`"

_TEXTS = ("python", "numpy")
# What TensorFlow writes, by what people call it.
_MODELS = {"saved_model": "a folder", "keras": "a file"}
FORMS = (*_TEXTS, *_MODELS)
_KERAS_SUFFIX = ".keras"

# An adapter is a few kilobytes. A larger file is not read to learn whether it is one.
_MOST_BYTES = 4 * 2**20

form_option = click.option(
    "--as",
    "form",
    type=click.Choice(FORMS),
    default="python",
    show_default=True,
    help="The form of the adapter; saved_model is a folder and keras a .keras file.",
)


@dataclass(frozen=True)
class Form:
    """A form of the adapter and its place; None is stdout."""

    name: str
    output: Path | None
    force: bool

    def check(self, sources: Iterable[str]) -> None:
        """Raises UsageError where the form has no such place, or something is there that sigcheck did not write.

        Of the sources that it is made of none is written over, whoever wrote it.
        """
        if self.name in _MODELS and self.output is None:
            raise UsageError("--as", f"{self.name} is {_MODELS[self.name]}, expected a place for it. Name it with -o.")
        if self.output is None:
            return
        keep_sources(self.output, sources)
        if self.name == "keras" and self.output.suffix != _KERAS_SUFFIX:
            raise UsageError(str(self.output), f"no name that Keras takes, expected one in {_KERAS_SUFFIX}. Rename it.")
        if self.name in _TEXTS and not require_place(self.output):
            if self.name == "python":
                from sigcheck.certificates.paths import certificate_path

                # The certificate stands beside it, and is written last.
                require_place(certificate_path(self.output))
            if not self.force:
                keep_foreign(self.output)
        if self.name in _MODELS:
            from sigcheck.adapters.placement import check_place

            check_place(self.output, force=self.force)

    def source(self, report: Report) -> str:
        """The code of a form that is text. Raises UsageError where NumPy cannot say it."""
        adapter = report.adapter
        if adapter is None:
            raise UsageError("adapt", "no adapter between these, expected one. Check them first.")
        return adapter.to_numpy().source if self.name == "numpy" else adapter.source

    def write(self, report: Report, timeout: float) -> None:
        """Writes the form to its place, whole or not at all; `timeout` in seconds is for TensorFlow.

        Raises UsageError where the form cannot have the plan, or the place cannot be written.
        """
        if self.output is None or self.name in _TEXTS:
            write_whole(self.output or Path(), self.source(report))
            return
        from sigcheck.adapters.placement import placed

        with placed(self.output, force=self.force) as place:
            self._build(report, place, timeout)

    def _build(self, report: Report, place: Path, timeout: float) -> None:
        from sigcheck.adapters.build import build
        from sigcheck.adapters.placement import MARKER_FOLDER, mark_folder
        from sigcheck.adapters.request import AdapterRequest

        form: Any = self.name
        request = AdapterRequest(form=form, source=self.source(report), bindings=report.bindings, target=str(place))
        build([request], timeout)
        if self.name == "saved_model":
            names = [side.without_folders for side in (report.result.producer, report.result.consumer)]
            mark_folder(place / MARKER_FOLDER, {"schema_version": 1, "written_by": "sigcheck adapt", "between": names})


def keep_foreign(path: Path) -> None:
    """Raises UsageError where a file is there that sigcheck did not write."""
    if not path.exists():
        return
    if path.is_dir():
        raise UsageError(str(path), "a folder, expected a file. Name a file in it.")
    if not _is_own(path):
        raise UsageError(str(path), "is there already, and sigcheck did not write it. Overwrite it with --force.")


def _is_own(path: Path) -> bool:
    from sigcheck.adapters.docstring import read_docstring
    from sigcheck.encodings.whole_file import read_whole

    try:
        source = read_whole(path, _MOST_BYTES, "an adapter").decode("utf-8")
    except (SourceError, OSError, ValueError):
        return False
    return MARKER in (read_docstring(source) or "")
