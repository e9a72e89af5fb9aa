"""Reading an adapter file and its certificate: files like any other, bounded and checked."""

from __future__ import annotations

import os
from pathlib import Path

from sigcheck.encodings.confined import is_within
from sigcheck.encodings.json_bytes import check_json
from sigcheck.encodings.whole_file import read_whole
from sigcheck.schema.budget import bounded
from sigcheck.schema.certificate import Certificate
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.schema_problem import describe_problem
from sigcheck.schema.system_error import system_words

# An adapter is a few kilobytes, a certificate some more.
MAX_BYTES = 4 * 2**20
# For each value that is of no field pydantic keeps some kilobytes.
_STEPS = 40_000


def read_certificate(path: Path) -> Certificate:
    """The certificate at a path. Raises SourceError where it is none, and UsageError where it is of no producer."""
    from pydantic import ValidationError

    if not os.path.exists(path):  # noqa: PTH110  # Path raises for names that are too long
        problem = "no certificate there, expected one beside the adapter. Write it with `sigcheck adapt ... -o FILE`."
        raise SourceError(str(path), problem)
    if not is_within(path.parent, path):
        raise SourceError(str(path), "a link out of its folder, expected a certificate. Put it there.")
    try:
        written = read_bytes(path, "a certificate")
        with bounded(str(path), steps=_STEPS):
            check_json(written)
        certificate = Certificate.model_validate_json(written)
    except (ValidationError, RecursionError) as error:
        wrong = describe_problem(error) if isinstance(error, ValidationError) else "nested too deep"
        raise SourceError(str(path), f"no certificate: {wrong}. Write it again with `sigcheck adapt`.") from None
    if not certificate.producers:
        raise UsageError(str(path), "it names no producer, expected one. Write it again with `sigcheck adapt`.")
    return certificate


def read_adapter(path: Path) -> str:
    """The text of an adapter file. Raises SourceError where it cannot be read."""
    try:
        # Git may check files out with CRLF, which is no edit.
        return read_bytes(path, "an adapter").decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"byte {error.start} is not UTF-8 text, expected Python. Check it.") from None


def read_bytes(path: Path, what: str) -> bytes:
    """All bytes of a small file. Raises SourceError where it cannot be read."""
    try:
        return read_whole(path, MAX_BYTES, what)
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {system_words(error)}. Check the path.") from None
