"""Messages: what a client sends is looked at before anything is done for it.

What is no message of the protocol is answered with an error and told in one line on stderr, which editors keep as a
log; it ends nothing. Only where nobody knows any more at which byte the next message begins the server stops.
"""

from __future__ import annotations

import logging
from io import BufferedReader
from typing import Any

from cattrs import transform_error
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol

from sigcheck.schema.errors import SourceError, bounded_line

# A config is some kilobytes, and an editor sends the whole of it.
MOST_BYTES = 64 << 20
_MOST_HEADER = 8192
_MOST_DIGITS = 20
_LENGTH = b"content-length:"
# What may be asked before the two know each other.
_FIRST = frozenset({types.INITIALIZE, types.SHUTDOWN, types.EXIT})
# The most that is said of one message.
_MOST_WRONG = 3


class Incoming(BufferedReader):
    """The bytes of a client, as pygls reads them. Raises SourceError where the next message cannot be found."""

    def readline(self, size: int | None = -1, /) -> bytes:
        """The next line of a header; the one with the length as pygls knows it."""
        line = super().readline(_MOST_HEADER)
        if len(line) == _MOST_HEADER:
            raise _lost(f"a line of {_MOST_HEADER} bytes or more, expected a header")
        if not line.lower().startswith(_LENGTH):
            return line
        number = line[len(_LENGTH) :].strip()
        if not number.isdigit() or len(number) > _MOST_DIGITS or not 0 < int(number) <= MOST_BYTES:
            shown = number.decode("latin-1")
            raise _lost(f"Content-Length {shown!r}, expected a whole number from 1 to {MOST_BYTES}")
        return b"Content-Length: %d\r\n" % int(number)


def _lost(problem: str) -> SourceError:
    return SourceError("lsp", f"standard input: {problem}. Start the server again, from an editor.")


class Protocol(LanguageServerProtocol):
    """The protocol, of clients that may make mistakes: a request that is none is answered, not left without one."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message, or the part of one, as a value. Raises JsonRpcException where it is none."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            told = JsonRpcInvalidParams(_wrong(error))
            self._refuse(data.get("id"), told)
            raise told from None

    def handle_message(self, message: Any) -> None:
        """Does what the message asks for. Raises JsonRpcException where it asks for nothing that can be done."""
        method, number = getattr(message, "method", None), getattr(message, "id", None)
        if getattr(message, "jsonrpc", None) != self.VERSION:
            refused: JsonRpcException = JsonRpcInvalidRequest(f"no message of JSON-RPC {self.VERSION}")
            self._refuse(number, refused)
            raise refused
        if self._workspace is None and method is not None and number is not None and method not in _FIRST:
            refused = JsonRpcServerNotInitialized(f"{method} before {types.INITIALIZE}")
            self._refuse(number, refused)
            raise refused
        super().handle_message(message)

    def refuse_text(self, error: Exception) -> None:
        """Answers what is no JSON, or cannot be done. Other errors of a message were answered where they were found."""
        if isinstance(error, ValueError | RecursionError):
            self._refuse(None, JsonRpcParseError(f"no JSON: {error}"))
        elif not isinstance(error, JsonRpcException):
            self._refuse(None, JsonRpcInternalError(f"{type(error).__name__}: {error}"))

    def _refuse(self, number: Any, error: JsonRpcException) -> None:
        known = number if isinstance(number, int | str) and not isinstance(number, bool) else None
        # Where the number is not known it is null, and not left out, as by lsprotocol.
        told = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": known, "error": told})


def _wrong(error: JsonRpcException) -> str:
    """What is wrong with a message, and where in it."""
    cause = error.__cause__
    if cause is None:
        return str(error)
    wrong = transform_error(cause, path="message")
    return "; ".join(wrong[:_MOST_WRONG]) + (
        f"; and {len(wrong) - _MOST_WRONG} more" if len(wrong) > _MOST_WRONG else ""
    )


class _OneLine(logging.Formatter):
    """What is logged, its first line, and the error at its end: people read it in a log of their editor."""

    def format(self, record: logging.LogRecord) -> str:
        text = (record.getMessage().splitlines() or [""])[0]
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, JsonRpcException):
            text += f": {type(error).__name__}: {error}"
        elif error is not None:
            text += f": {error}"
        return bounded_line(f"sigcheck: lsp: {text}")


def log_in_lines() -> None:
    """Has pygls, and what it runs, log in lines on stderr, and not with all that led to each."""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine())
    for name in ("pygls", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
