from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from sigcheck.encodings.archive import read_in_parts, read_member


def test_an_encrypted_member_is_told_as_what_it_is():
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("config.json", "{}")
    with ZipFile(buffer) as archive:
        archive.getinfo("config.json").flag_bits |= 1
        with pytest.raises(ValueError, match=r"config\.json is encrypted"):
            read_member(archive, "config.json", 10)
        with pytest.raises(ValueError, match=r"config\.json is encrypted"):
            list(read_in_parts(archive, "config.json"))
