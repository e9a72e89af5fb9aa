"""Gathered: what was seen of each of several files, brought together in any order and grouping to the same.

A tensor has one dtype and rank in all files: those of the first file that has it, in the order in which the files are
named, or of the first whose numbers have a dtype, where numbers of a file of text can be of it. What others have under
its name is left out, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sigcheck.observation.observer import Observer, require_few
from sigcheck.observation.passed_over import EXPECTED, PassedOver
from sigcheck.observation.tables import Tables
from sigcheck.observation.tensor import Form, Tensor
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.observation import DataFile, Observation


@dataclass
class Part:
    """What was seen of one file: `index` is its place among all, `problem` why it was not read to its end."""

    index: int
    path: str
    observer: Observer
    problem: str | None = None


@dataclass
class _Alike:
    """What several files have of one tensor in one form, and which files these are."""

    tensor: Tensor
    files: list[tuple[int, str]] = field(default_factory=list)


class Gathered:
    """The states of all tensors, apart by dtype and rank, and what could not be read."""

    def __init__(self) -> None:
        """No file yet."""
        self._tensors: dict[str, dict[Form | None, _Alike]] = {}
        self._files: list[DataFile] = []
        self._problems: dict[int, str] = {}
        self._left_out: dict[str, list[tuple[int, str, str]]] = {}
        self._tables = Tables()
        self._passed_over = PassedOver()

    def add(self, part: Part) -> None:
        """Adds a file."""
        for name, tensor in part.observer.tensors.items():
            self._add(name, tensor.form, _Alike(tensor, [(part.index, part.path)]))
        self._files += part.observer.files
        self._tables.merge(part.observer.tables)
        self._passed_over.merge(part.observer.passed_over)
        for one in part.observer.passed_over.left_out:
            self._left_out.setdefault(one.name, []).append((part.index, part.path, one.found))
        if part.problem is not None:
            self._problems[part.index] = part.problem

    def merge(self, other: Gathered) -> None:
        """Adds what another has gathered of other files."""
        for name, forms in other._tensors.items():
            for form, alike in forms.items():
                self._add(name, form, alike)
        self._files += other._files
        self._tables.merge(other._tables)
        self._passed_over.merge(other._passed_over)
        for name, files in other._left_out.items():
            self._left_out.setdefault(name, []).extend(files)
        self._problems |= other._problems

    def observation(self) -> Observation:
        """What was seen of each tensor in its form. Raises SourceError where there are more than any model has."""
        require_few(self._tensors, "data")
        whole = Observer(threads=1)
        for name, forms in self._tensors.items():
            for one in _joined(forms, _chosen(forms)).values():
                whole.take(name, one)
        for file in self._files:
            whole.add_file(file)
        # Rows in which a tensor has another form are left out: it is not missing there.
        whole.tables.merge(self._tables)
        whole.passed_over.merge(self._passed_over)
        return whole.observation()

    def problems(self, only: Sequence[str] = ()) -> tuple[str, ...]:
        """Why files were not read to their end, then what was left out of which, in the order of the files.

        Behind these what is wrong with the names of `only`.
        """
        told = (str(SourceError(path, problem)) for path, problem in self.conflicts())
        # Of what was not read nobody knows which names it has.
        missed = () if self._problems else (str(UsageError("--only", problem)) for problem in self.missed(only))
        return (*(self._problems[at] for at in sorted(self._problems)), *told, *missed)

    def missed(self, only: Sequence[str]) -> tuple[str, ...]:
        """What is wrong with the names of tensors that are asked for: not there, or no tensors."""
        named = [name for name in only if name not in self._left_out or name not in self._tensors]
        return self._passed_over.missed(named, self._tensors)

    def conflicts(self) -> list[tuple[str, str]]:
        """The (path, problem) of what was left out, in the order of the files."""
        return [(path, problem) for _, path, problem in sorted(self._conflicts())]

    def _add(self, name: str, form: Form | None, alike: _Alike) -> None:
        forms = self._tensors.setdefault(name, {})
        if form not in forms:
            forms[form] = _Alike(alike.tensor, list(alike.files))
            return
        forms[form].tensor.merge(alike.tensor, "data")
        forms[form].files += alike.files

    def _conflicts(self) -> Iterator[tuple[int, str, str]]:
        for name, forms in self._tensors.items():
            chosen = _chosen(forms)
            if chosen is None:
                continue
            _, first = min(forms[chosen].files)
            for at, path, found in self._left_out.get(name, ()):
                told = f"{name}: {found}, and {forms[chosen].tensor.shown()} in {first}, {EXPECTED}. Convert it."
                yield at, path, told
            joined = _joined(forms, chosen)
            for form, alike in forms.items():
                if form in joined:
                    continue
                here, there = alike.tensor.shown(), forms[chosen].tensor.shown()
                told = f"{name}: {here}, and {there} in {first}, expected one for all rows. Leave it out."
                yield from ((at, path, told) for at, path in alike.files)


def _chosen(forms: dict[Form | None, _Alike]) -> Form | None:
    """The form that all files are taken in; None where no file has a value of the tensor."""
    known = sorted(
        ((min(alike.files), form) for form, alike in forms.items() if form is not None), key=lambda one: one[0]
    )
    if not known:
        return None
    first = known[0][1]
    of_first = forms[first].tensor
    # Numbers that are only written have the first dtype that has all of them.
    return next((form for _, form in known if of_first.taken_for(forms[form].tensor) is not None), first)


def _joined(forms: dict[Form | None, _Alike], chosen: Form | None) -> dict[Form | None, Tensor]:
    """What is counted as one, by the form that it has; what was made for it stands first, and may be merged into."""
    found: dict[Form | None, Tensor] = {}
    for form, alike in forms.items():
        taken = None if form is None or chosen is None else alike.tensor.taken_for(forms[chosen].tensor)
        if taken is not None:
            found[form] = taken
    return found | {form: forms[form].tensor for form in dict.fromkeys((chosen, None)) if form in forms}
