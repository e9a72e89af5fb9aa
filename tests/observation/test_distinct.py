"""Different values are counted: of few ones exactly, of many and of strings within the error of the sketch."""

from __future__ import annotations

import pytest

from sigcheck.observation.distinct import Distinct


@pytest.mark.parametrize("texts", [[b""], [b"", b"a", b""], [b"\xc4\x80", b""], ["\u0100".encode(), b"\x00", b""]])
def test_each_of_a_few_strings_is_one_the_empty_one_too(texts):
    pytest.importorskip("datasketches")
    found = Distinct()
    for text in texts:
        found.add_text(text)
    assert found.count == len(set(texts))
