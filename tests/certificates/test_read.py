from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.certificates.paths import certificate_path
from sigcheck.certificates.recheck import verify_adapter
from sigcheck.schema.errors import SourceError

BROKEN = {
    "no certificate": (lambda path: certificate_path(path).unlink(), "no certificate there"),
    "no JSON": (lambda path: certificate_path(path).write_text("{"), "no certificate: "),
    "another JSON": (lambda path: certificate_path(path).write_text("{}"), "no certificate: adapter: is missing"),
    "no adapter": (lambda path: path.unlink(), "cannot be read: No such file"),
    "no text": (lambda path: path.write_bytes(b"\xff"), "byte 0 is not UTF-8"),
    "no model": (lambda path: Path("models/classifier.keras").unlink(), "no such file or folder"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_says_why(adapter, proofs, name):
    spoil, words = BROKEN[name]
    spoil(adapter)
    with pytest.raises(SourceError) as error:
        verify_adapter(adapter)
    assert words in str(error.value)
