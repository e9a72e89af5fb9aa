"""Written: whether a file is what sigcheck writes, whatever it says of its proof.

What a file was proved as stands in its first line, and differs between machines with and
without TensorFlow. Everything else is a function of specs and steps, and is compared byte by byte.
"""

from __future__ import annotations

import re

from sigcheck.adapters.python_source import MARKER
from sigcheck.schema.report import VerificationLevel

_PROOF = re.compile(
    rf"({re.escape(MARKER)})(?:; verified: (typed|traced|executed|end_to_end)(?:, [0-9]{{1,9}} cases)?)?\."
)


def is_written(source: str, expected: str) -> bool:
    """Whether a file holds the adapter that sigcheck writes; any other is somebody's program."""
    return without_proof(source) == without_proof(expected)


def without_proof(source: str) -> str:
    """The source without what it was proved as."""
    return _PROOF.sub(r"\1.", source, count=1)


def proof_of(source: str) -> VerificationLevel | None:
    """The level of proof that a file says of itself; nothing says that it is true."""
    found = _PROOF.search(source)
    return found[2] if found else None  # type: ignore[return-value]  # the pattern admits the levels only
