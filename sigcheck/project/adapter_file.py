"""The adapter file of a link, against the adapter that its models need today.

Where only the code below the docstring differs from what sigcheck writes, somebody edited it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sigcheck.adapters.docstring import read_docstring
from sigcheck.adapters.python_source import MARKER
from sigcheck.adapters.written import is_written, proof_of, without_proof
from sigcheck.encodings.whole_file import read_whole
from sigcheck.schema.budget import bounded, spend
from sigcheck.schema.errors import SourceError
from sigcheck.schema.project import AdapterState
from sigcheck.schema.report import VerificationLevel
from sigcheck.schema.system_error import system_words

# An adapter is a few kilobytes.
MAX_BYTES = 4 * 2**20
# Read and compared, megabytes take milliseconds; a project may have thousands of them.
_BYTES_OF_STEP = 400


class AdapterFile(NamedTuple):
    """The state of the file, and the level of proof that it says of itself."""

    state: AdapterState
    proof: VerificationLevel | None = None


def compare_adapter(path: Path | None, expected: str | None) -> AdapterFile:
    """The state of a file; `expected` is the adapter that is needed, None where none is.

    Raises SourceError where the file is there and cannot be read.
    """
    written = None if path is None else _text(path)
    if expected is None:
        return AdapterFile("not_needed" if written is None else "stale")
    if path is None:
        return AdapterFile("unnamed")
    if written is None:
        return AdapterFile("missing")
    proof = proof_of(written)
    if is_written(written, expected):
        return AdapterFile("current", proof)
    if _head(written) in {None, _head(expected)}:
        return AdapterFile("edited", proof)
    return AdapterFile("stale", proof)


def _text(path: Path) -> str | None:
    try:
        with bounded(str(path)):
            written = read_whole(path, MAX_BYTES, "an adapter")
            spend(len(written) // _BYTES_OF_STEP)
        # Git may check files out with CRLF.
        return written.decode("utf-8").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {system_words(error)}. Check the path.") from None
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"byte {error.start} is not UTF-8 text, expected an adapter. Check it.") from None


def _head(source: str) -> str | None:
    """What the docstring says of specs and steps; None where sigcheck did not write it."""
    # The whole file is not parsed: the tree of a few megabytes takes gigabytes.
    text = read_docstring(source)
    return without_proof(text) if text is not None and MARKER in text else None
