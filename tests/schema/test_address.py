from __future__ import annotations

import time

import pytest

from sigcheck.schema.address import is_address, masked
from sigcheck.schema.errors import SourceError


@pytest.mark.parametrize(
    ("text", "shown"),
    {
        "https://example.com/m.json": "https://example.com/m.json",
        "https://token@example.com/m.json#key": "https://***@example.com/m.json#key",
        "https://a:b@c@example.com/": "https://***@example.com/",
        "https:/a:b@example.com/m": "https:/***@example.com/m",
        "s3://id:key@bucket/a@b/m": "s3://***@bucket/a@b/m",
        "https://example.com/m?X-Amz-Signature=abc&versionId=2#key": (
            "https://example.com/m?X-Amz-Signature=***&versionId=***#key"
        ),
        "found 'https://a:b@c/d?e', expected": "found 'https://***@c/d?***', expected",
        "https://a:b@c?d=e: no such file": "https://***@c?d=***: no such file",
        "abfs://container@account.dfs.core.windows.net/m": "abfs://container@account.dfs.core.windows.net/m",
        "abfs://container:key@account/m": "abfs://***@account/m",
        "C:/me@home/m": "C:/me@home/m",
        "models/encoder#a@b": "models/encoder#a@b",
        "one https://a@b/ and two https://c@d/": "one https://***@b/ and two https://***@d/",
    }.items(),
)
def test_credentials_are_covered(text, shown):
    assert masked(text) == shown
    assert masked(shown) == shown


def test_errors_cover_what_they_quote():
    error = SourceError("https://a:b@c/d", "broken: 'https://e:f@g/?h=i'. See https://j@k/.")
    assert str(error) == "https://***@c/d: broken: 'https://***@g/?h=***'. See https://***@k/."


def test_what_an_address_is():
    assert [is_address(text) for text in ("s3://b/m", "C://m", "./x://y", "models/m", "zip://m")] == [
        *(True, False, False, False, True)
    ]


@pytest.mark.parametrize("text", ["https://" * 50_000, "ab:/" * 100_000, "https://" + "@" * 300_000, "a" * 300_000])
def test_the_time_is_that_of_one_look(text):
    before = time.perf_counter()
    masked(text)
    assert time.perf_counter() - before < 2
