"""Snapshots: the signature of a model as readable text beside the test that expects it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path

from sigcheck import api
from sigcheck.reports.parts.page import printable
from sigcheck.schema.distinct import file_name
from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.system_error import system_words
from sigcheck.testing.failure_text import mark_difference
from sigcheck.testing.signature import spec_text

# Names that Keras counts through a process: their number says nothing, their position does.
_COUNTED = re.compile(r"(keras_tensor|input_layer)(_\d+)?")
_MOST_BYTES = 4 * 2**20
_SUFFIX = ".txt"


class SignatureSnapshot:
    """Equal to whatever has the signatures of its file: `assert model == signature_snapshot`.

    Each comparison of one test has a file of its own; calling the snapshot with a name gives
    one that is called so. Where `is_updated`, a comparison writes the file and holds.
    `on_use` is told each file that was compared with.
    """

    def __init__(self, folder: Path, name: str, *, is_updated: bool, on_use: Callable[[Path], None]) -> None:
        self._folder = folder
        self._name = name
        self._is_updated = is_updated
        self._on_use = on_use
        self._count = 0
        self.path = self._file(1)
        self._stored: str | None = None
        self._found = ""

    def __call__(self, name: str) -> SignatureSnapshot:
        """The snapshot of this name, of the same test. Raises UsageError for what is no name."""
        try:
            # Numbers behind the name count the comparisons of a test.
            safe = file_name(name, r"\w.-" if re.search(r"\D", name) else "")
        except TypeError:
            kind = type(name).__qualname__
            problem = (
                f"called with a value of type {kind}, expected a name. Compare: assert model == signature_snapshot."
            )
            raise UsageError("signature_snapshot", problem) from None
        return SignatureSnapshot(self._folder, f"{self._name}-{safe}", is_updated=self._is_updated, on_use=self._on_use)

    def __eq__(self, other: object) -> bool:
        """Whether the signatures are those of the file. Raises SourceError where `other` cannot be read."""
        self._count += 1
        self.path = self._file(self._count)
        self._found = describe(other)
        self._on_use(self.path)
        if self._is_updated:
            _write(self.path, self._found)
            return True
        self._stored = _read(self.path)
        return self._stored == self._found

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<signature snapshot {self.path.name}>"

    def explain(self) -> list[str]:
        """Why the last comparison did not hold: the lines that differ, the first difference of each marked."""
        shown = _relative(self.path)
        if not self._count:
            # A bare tf.TensorSpec is such: its == knows other TensorSpecs only.
            return ["the left side did not ask the signature snapshot", "", "Write it first: signature_snapshot == ..."]
        if self._stored is None:
            cure = "Write it with --signature-update, look at it, and commit it."
            return [f"no signature snapshot {shown}", "", *_indented(self._found.splitlines()), "", cure]
        lines = list(_changes(self._stored.splitlines(), self._found.splitlines()))
        cure = "If the change is meant, write the snapshot anew with --signature-update."
        return [f"another signature than {shown}", "", *lines, "", cure]

    def _file(self, count: int) -> Path:
        return self._folder / f"{self._name}{'' if count == 1 else f'-{count}'}{_SUFFIX}"


def describe(source: object) -> str:
    """The signatures of a source, a line for each input and output, sorted by key.

    Raises SourceError where it cannot be read.
    """
    model = api.read(source)
    ordered = sorted(model.signatures, key=lambda one: (one.key, one.tags))
    return "\n\n".join("\n".join(map(printable, _lines(signature))) for signature in ordered) + "\n"


def _lines(signature: Signature) -> Iterator[str]:
    tags = f" tags {','.join(sorted(signature.tags))}" if signature.tags else ""
    yield f"[{signature.key}]{tags}"
    yield from _endpoints("input", signature.inputs)
    yield from _endpoints("output", signature.outputs)


def _endpoints(side: str, endpoints: Sequence[Endpoint]) -> Iterator[str]:
    for position, endpoint in enumerate(endpoints):
        counted = _COUNTED.fullmatch(endpoint.name)
        name = f"{counted[1]}@{position}" if counted else endpoint.name
        optional = "?" if endpoint.optional else ""
        yield f"{side + optional:<7} {name}: {spec_text(endpoint.spec, endpoint.spec.facts.known())}"


def _changes(stored: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    """Yields what is in both as it is, and what is not with its side; changed lines marked where they first differ."""
    for kind, a, b, c, d in SequenceMatcher(None, stored, found, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (f"            {line}".rstrip() for line in stored[a:b])
            continue
        for old, new in zip(stored[a:b], found[c:d], strict=False):
            yield from mark_difference("  snapshot  ", old, "  found     ", new)
        count = min(b - a, d - c)
        yield from (f"  snapshot  {line}" for line in stored[a + count : b])
        yield from (f"  found     {line}" for line in found[c + count : d])


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}".rstrip() for line in lines]


def _relative(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(str(path), f"over {_MOST_BYTES >> 20} MiB, expected a snapshot. Delete it.")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(str(path), f"cannot be read: {system_words(error)}. Mend it.") from None
    except UnicodeDecodeError:
        raise UsageError(str(path), "not UTF-8 text, expected a snapshot. Delete it.") from None


def _write(path: Path, text: str) -> None:
    """Writes the file whole, where it holds something else: tests run in several processes at once."""
    beside = ""
    # The folders that are made for snapshots, and the file: what a link there leads to is somebody else's.
    for one in (path.parent.parent, path.parent, path):
        if one.is_symlink():
            raise UsageError(str(one), "a link, which is not followed. Delete it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == text.encode():
            return
        descriptor, beside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except OSError as error:
        if beside:
            with suppress(OSError):
                Path(beside).unlink(missing_ok=True)
        raise UsageError(str(path), f"cannot be written: {system_words(error)}. Mend the folder.") from None
