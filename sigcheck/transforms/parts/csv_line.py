"""CSV line: the fields of one line as `tf.io.decode_csv` takes them apart (decode_csv_op.cc; RFC 4180)."""

from __future__ import annotations

_QUOTE, _COMMA = b'"', b","
_BREAKS = (b"\n", b"\r")


class UnreadCsvError(Exception):
    """A line with a quote where none may stand, or without one where one must."""


def read_fields(line: bytes) -> list[bytes]:
    """The fields of a line, quotes taken off. Raises UnreadCsvError.

    >>> read_fields(b'1,"a, b",')
    [b'1', b'a, b', b'']
    """
    fields, at = [], 0
    while at < len(line):
        if line[at : at + 1] in _BREAKS:
            at += 1
            continue
        field, at = _quoted(line, at + 1) if line[at : at + 1] == _QUOTE else _plain(line, at)
        fields.append(field)
    return [*fields, b""] if line.endswith(_COMMA) else fields


def _plain(line: bytes, start: int) -> tuple[bytes, int]:
    end = line.find(_COMMA, start)
    field = line[start:] if end < 0 else line[start:end]
    if any(one in field for one in (_QUOTE, *_BREAKS)):
        raise UnreadCsvError("a quote, or the end of a line, in a field without quotes")
    return field, start + len(field) + 1


def _quoted(line: bytes, start: int) -> tuple[bytes, int]:
    """The field behind a quote: it ends at a quote before a comma or the end, and two quotes are one."""
    found, at = [], start
    while at < len(line) - 1 and not (line[at : at + 1] == _QUOTE and line[at + 1 : at + 2] == _COMMA):
        one = line[at : at + 1]
        if one == _QUOTE and line[at + 1 : at + 2] != _QUOTE:
            raise UnreadCsvError("a quote within quotes that is no pair")
        found.append(one)
        at += 1 + (one == _QUOTE)
    if line[at : at + 1] != _QUOTE:
        raise UnreadCsvError("a field whose quotes do not end")
    return b"".join(found), at + 2
