"""Permission: what the files of a repository may make sigcheck open. A person gives it, never the repository."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sigcheck.encodings.confined import ConfinedFiles, LeavesError, confine
from sigcheck.encodings.files import LOCAL_FILES, Files
from sigcheck.encodings.reach import MAX_BYTES_IN_SUM, MAX_SECONDS_IN_SUM, Budget, Reach
from sigcheck.encodings.source import Source
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SourceError
from sigcheck.schema.system_error import unreadable

OUTSIDE = "outside the folder of the project, expected a path in it. Allow it with --allow-outside, or move it there."
NOT_ASKED = "an address, which is opened only where a person asks for it. Add --remote, or lock it where it is read."


@dataclass(frozen=True)
class Permission:
    """What a person lets a project do, for one call.

    `remote` lets addresses be opened, `private` those of this machine and its networks too, and without
    encryption; `outside` lets files outside the folder be read; `load` lets TensorFlow load the models of which the
    config says so, which runs what is in them and in the modules that it names. `budget` is what all addresses may
    take.
    """

    remote: bool = False
    private: bool = False
    outside: bool = False
    load: bool = False
    budget: Budget | None = None

    @classmethod
    def given(
        cls, *, remote: bool = False, private: bool = False, outside: bool = False, load: bool = False
    ) -> Permission:
        """What a person gives for one call: asking for private addresses asks for addresses."""
        budget = Budget(MAX_SECONDS_IN_SUM, MAX_BYTES_IN_SUM)
        return cls(remote or private, private, outside, load, budget)

    def files(self, root: Path) -> Files:
        """The files that what lies in this folder may name."""
        return LOCAL_FILES if self.outside else ConfinedFiles(root, OUTSIDE)

    def source(self, folder: Path, text: str, files: Files | None = None) -> Source:
        """The source that a file in the folder names, among `files`, which are those of the folder unless given.

        Raises SourceError where it may not be opened, and as `Source.parse` does.
        """
        if is_address(text):
            if not self.remote:
                raise SourceError(text, NOT_ASKED)
            budget = Budget() if self.budget is None else self.budget.part()
            return Source.parse(text, reach=Reach(is_private=self.private, budget=budget))
        return Source.parse(locate(folder, text), self.files(folder) if files is None else files)

    def path(self, folder: Path, text: str) -> Path:
        """The path of another file that the config in the folder names. Raises SourceError where it may not be read."""
        place = folder / text
        if not self.outside:
            try:
                confine(folder, place)
            except (LeavesError, ValueError):
                raise SourceError(str(place), OUTSIDE) from None
            except OSError as error:
                raise SourceError(str(place), unreadable(error)) from None
        return place


# What holds where nobody gave any.
NO_PERMISSION = Permission()


def locate(folder: Path, source: str) -> str:
    """The source that a file in the folder names, as a text that names it from the current folder."""
    if is_address(source):
        return source
    try:
        return os.path.relpath(os.path.join(folder, source))  # noqa: PTH118  # as text: each model of a project is located
    except ValueError:
        # Windows: on another drive than the current folder.
        return str(folder / source)
