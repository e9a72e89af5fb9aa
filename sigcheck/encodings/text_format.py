"""Text format: protobuf messages as people read them, in `.pbtxt` files.

Parsed into the same dicts as the wire format gives. Fields that the tables do not name are
stepped over, however deep they nest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sigcheck.encodings.content import Content
from sigcheck.encodings.message import TENSORFLOW, Field, Message, Messages, merge
from sigcheck.encodings.quoted import find_end
from sigcheck.encodings.wire import MAX_DEPTH
from sigcheck.schema.budget import spend

# Some 2 MB a second. A text larger than this is a graph with its weights.
MAX_TEXT_BYTES = 32 * 2**20

# A text without escapes is a token; of any other the quote that opens it.
_TOKEN = re.compile(
    r"""\s*([{}<>\[\]:;,]|"[^"\\\n]*"|'[^'\\\n]*'|["'\#]|[A-Za-z_][\w./]*|[-+]?[0-9.][\w.+-]*|-|\Z)""",
    re.DOTALL,
)
# What is neither a bracket nor the begin of a text or comment.
_PLAIN = re.compile(r"[^{}<>\[\]\"'#]*")
# The budget is told of so many tokens at once.
_PORTION = 500
_MINUS = "-"
_QUOTES = ("'", '"')
_BOOLS = {"true": True, "True": True, "t": True, "1": True, "false": False, "False": False, "f": False, "0": False}
# No enum of TensorFlow has this value.
_UNKNOWN_ENUM = 99
_WHOLE = re.compile(r"-?[0-9]{1,20}")
_ENUM = re.compile(r"[A-Z][A-Z0-9_]*")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_CLOSING = {"{": "}", "<": ">", "[": "]"}


def parse_message(kind: str, content: Content, messages: Messages = TENSORFLOW) -> Message:
    """The message that a text holds. Raises ValueError, naming the line, where it is none."""
    if len(content) > MAX_TEXT_BYTES:
        raise ValueError(f"a text of {len(content)} bytes, more than {MAX_TEXT_BYTES}")
    tokens = _Tokens(bytes(content[0 : len(content)]).decode())
    return _parse(kind, tokens, "", 0, messages)


class _Tokens:
    """The tokens of a text, one ahead; "" is its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Behind the token ahead, where that begins, and how many were taken since the budget was told.
        self._at = self._ahead = self._taken = 0
        self.next = ""
        self.take()

    def take(self) -> str:
        """The next token; the one behind it becomes `next`."""
        taken = self.next
        self._taken += 1
        if self._taken >= _PORTION:
            spend(_PORTION)
            self._taken = 0
        while True:
            found = _TOKEN.match(self._text, self._at)
            if found is None:
                raise self.error("a character that has no place there")
            self.next = found[1]
            self._ahead, self._at = found.span(1)
            if self.next == "#":
                self._at = self._end_of_line()
                self._taken += 1
                continue
            if self.next in _QUOTES:
                self._take_text()
            return taken

    def _take_text(self) -> None:
        """A text with escapes, behind its opening quote, which is `next`."""
        end = find_end(self._text, self.next, self._at)
        if end < 0 or self._text.find("\n", self._at, end) >= 0:
            raise self.error("a text without its closing quote")
        self.next, self._at = self._text[self._at - 1 : end + 1], end + 1

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def skip_message(self) -> None:
        """Steps behind the end of a message of which the opening was the last token that was taken.

        Without looking at what is no bracket and no text, and without recursion: it may nest as deep as it likes.
        """
        # The token ahead is not taken yet.
        at, depth, steps = self._ahead, 1, 0
        while depth:
            at = _PLAIN.match(self._text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
            mark = self._text[at : at + 1]
            if not mark:
                raise self.error("the text ends inside of a message")
            self._at = at + 1
            if mark in _CLOSING:
                depth += 1
            elif mark in _QUOTES:
                self.next = mark
                self._take_text()
            elif mark == "#":
                self._at = self._end_of_line()
            else:
                depth -= 1
            at = self._at
            steps += 1
            if steps == _PORTION:
                spend(_PORTION)
                steps = 0
        self.next = ""
        self.take()

    def expect(self, token: str) -> None:
        """Takes this token. Raises ValueError for another."""
        if self.next != token:
            raise self.error(f"{self.next[:40]!r} instead of {token!r}")
        self.take()

    def error(self, problem: str) -> ValueError:
        """The problem with its line."""
        return ValueError(f"line {self._text.count(chr(10), 0, self._at) + 1}: {problem}")


def _parse(kind: str, tokens: _Tokens, closing: str, depth: int, messages: Messages) -> Message:
    """The fields up to the closing token, which is taken."""
    if depth > MAX_DEPTH:
        raise tokens.error(f"messages nested more than {MAX_DEPTH} deep")
    table = messages.by_name[kind]
    message: Message = {}
    while tokens.next != closing:
        name = tokens.take()
        if not (name[:1].isalpha() or name[:1] == "_"):
            raise tokens.error(f"{name[:40]!r} instead of a field")
        field = table.get(name)
        # Before a message, and before a list of messages, the colon may be left out.
        if tokens.next == ":":
            tokens.take()
        if field is None:
            _skip(tokens)
        elif tokens.next == "[":
            _add_list(message, field, tokens, depth, messages)
        else:
            _add(message, field, tokens, depth, messages)
        if tokens.next in {",", ";"}:
            tokens.take()
    if closing:
        tokens.take()
    return message


def _add_list(message: Message, field: Field, tokens: _Tokens, depth: int, messages: Messages) -> None:
    tokens.take()
    while tokens.next != "]":
        _add(message, field, tokens, depth, messages)
        if tokens.next != "]":
            tokens.expect(",")
    tokens.take()


def _add(message: Message, field: Field, tokens: _Tokens, depth: int, messages: Messages) -> None:
    name, kind, form, most = field
    if form != "one" and len(message.get(name, ())) >= most:
        raise tokens.error(f"more than {most} entries in {name}")
    if form == "map":
        entry = _parse_entry(kind, tokens, depth, messages)
        message.setdefault(name, {})[entry.get("key", "")] = entry.get("value", "" if kind == "text" else {})
        return
    value: Any
    if kind == "text":
        value = _text(tokens)
    elif kind in {"int", "sint", "bool"}:
        value = _number(kind, tokens, messages.enums)
    elif kind == "float":
        value = _float(tokens)
    else:
        value = _parse(kind, tokens, _open(tokens), depth + 1, messages)
    if form == "many":
        message.setdefault(name, []).append(value)
    elif isinstance(value, dict) and name in message:
        merge(message[name], value)
    else:
        message[name] = value


def _parse_entry(kind: str, tokens: _Tokens, depth: int, messages: Messages) -> Message:
    closing = _open(tokens)
    entry: Message = {}
    while tokens.next != closing:
        name = tokens.take()
        if tokens.next == ":":
            tokens.take()
        if name == "key":
            entry["key"] = _text(tokens)
        elif name == "value":
            entry["value"] = (
                _text(tokens) if kind == "text" else _parse(kind, tokens, _open(tokens), depth + 1, messages)
            )
        else:
            raise tokens.error(f"{name[:40]!r} instead of key or value")
        if tokens.next in {",", ";"}:
            tokens.take()
    tokens.take()
    return entry


def _open(tokens: _Tokens) -> str:
    if tokens.next not in {"{", "<"}:
        raise tokens.error(f"{tokens.next[:40]!r} instead of '{{'")
    return _CLOSING[tokens.take()]


def _skip(tokens: _Tokens) -> None:
    """Takes one value, whatever it is. Without recursion: what is not read may nest as deep as it likes."""
    token = tokens.take()
    while token == _MINUS:
        token = tokens.take()
    if token in _CLOSING:
        tokens.skip_message()
    elif not token:
        raise tokens.error("the text ends inside of a message")
    elif token in {"}", ">", "]"}:
        raise tokens.error(f"{token!r} instead of a value")
    while token[:1] in _QUOTES and tokens.next[:1] in _QUOTES and tokens.next:
        tokens.take()


def _text(tokens: _Tokens) -> str:
    """A text; several next to each other are one, as in C."""
    parts: list[bytes] = []
    while tokens.next and tokens.next[0] in _QUOTES:
        part = tokens.take()[1:-1]
        spend(part.count("\\"))
        parts.append(_ESCAPE.sub(_unescape, part.encode()))
    if not parts:
        raise tokens.error(f"{tokens.next[:40]!r} instead of a text in quotes")
    return b"".join(parts).decode()


def _unescape(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 0xFF])
    if found[2]:
        return bytes([int(found[2], 16)])
    return _ESCAPED.get(found[3], found[3])


def _float(tokens: _Tokens) -> float:
    token = tokens.take()
    if token == _MINUS:
        token += tokens.take()
    try:
        # As in C, a number may end with an f.
        return float(token.removesuffix("f") if token[-1:] == "f" and token[-3:] != "inf" else token)
    except ValueError:
        raise tokens.error(f"{token[:40]!r} instead of a number") from None


def _number(kind: str, tokens: _Tokens, enums: Mapping[str, int]) -> int | bool:
    token = tokens.take()
    if kind == "bool":
        if token not in _BOOLS:
            raise tokens.error(f"{token[:40]!r} instead of true or false")
        return _BOOLS[token]
    if token in enums:
        return enums[token]
    if _WHOLE.fullmatch(token):
        return int(token)
    if _ENUM.fullmatch(token):
        # An enum value that is not known here: the same as a number that is not.
        return _UNKNOWN_ENUM
    raise tokens.error(f"{token[:40]!r} instead of a whole number")
