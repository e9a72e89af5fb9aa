"""Texts: what is kept of the strings of a tensor: their lengths and what they look like, never themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sigcheck.observation.distinct import Distinct
from sigcheck.schema.observation import TextsObserved

# Signatures of encoded media: https://mimesniff.spec.whatwg.org, sections 6.1 and 6.2.
_MEDIA = (
    ("jpeg", b"\xff\xd8\xff", b""),
    ("png", b"\x89PNG\r\n\x1a\n", b""),
    ("gif", b"GIF87a", b""),
    ("gif", b"GIF89a", b""),
    ("bmp", b"BM", b""),
    ("webp", b"RIFF", b"WEBP"),
    ("wav", b"RIFF", b"WAVE"),
)
_TAG_AT = 8
# A word of four letters is base64 by chance.
_LEAST_BASE64 = 16
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,300}(?:\.[0-9]{0,300})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_LONGEST_NUMBER = 64
_LONGEST_WORD = 64


class Texts:
    """Counts of strings by form, and the ends of their lengths."""

    __slots__ = ("_forms", "_greatest", "_least", "count", "distinct")

    def __init__(self) -> None:
        """No string yet."""
        self._forms: Counter[str] = Counter()
        self._least, self._greatest = 2**63, 0
        self.count = 0
        self.distinct = Distinct()

    def add(self, texts: Iterable[bytes]) -> None:
        """Adds strings, best many at a time: those that are alike are looked at once."""
        for text, count in Counter(texts).items():
            self.count += count
            self._least, self._greatest = min(self._least, len(text)), max(self._greatest, len(text))
            self._forms[form_of_word(text) if len(text) <= _LONGEST_WORD else form_of(text)] += count
            self.distinct.add_text(text)

    def merge(self, other: Texts) -> None:
        """Adds what another has seen."""
        self.count += other.count
        self._forms.update(other._forms)
        self._least, self._greatest = min(self._least, other._least), max(self._greatest, other._greatest)
        self.distinct.merge(other.distinct)

    def observed(self) -> TextsObserved | None:
        """What was seen; None where there was no string."""
        if not self.count:
            return None
        fields: dict[str, Any] = {"count": self.count, "least_bytes": self._least, "greatest_bytes": self._greatest}
        return TextsObserved(**fields, forms=dict(sorted(self._forms.items())), distinct=self.distinct.count)


@lru_cache(maxsize=1 << 12)
def form_of_word(text: bytes) -> str:
    """What a short string looks like: those of a vocabulary come again and again."""
    return form_of(text)


def form_of(text: bytes) -> str:
    """What a string looks like: `empty`, a format of media, `number`, `base64`, `utf-8` or `bytes`.

    >>> form_of(b"GIF89a..."), form_of(b"-1.5"), form_of("Grüße".encode())
    ('gif', 'number', 'utf-8')
    """
    if not text:
        return "empty"
    for form, begin, tag in _MEDIA:
        if text.startswith(begin) and text[_TAG_AT : _TAG_AT + len(tag)] == tag:
            return form
    try:
        written = text.decode()
    except UnicodeDecodeError:
        return "bytes"
    if len(written) <= _LONGEST_NUMBER and _NUMBER.fullmatch(written):
        return "number"
    if len(text) >= _LEAST_BASE64 and len(text) % 4 == 0 and _BASE64.fullmatch(text):
        return "base64"
    return "utf-8"
