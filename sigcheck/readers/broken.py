"""Broken: what parsing raises on a file that is not what it seems to be, as one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from sigcheck.schema.errors import SigcheckError, SourceError
from sigcheck.schema.schema_problem import describe_problem
from sigcheck.schema.system_error import system_words


@contextmanager
def told(place: str, expected: str) -> Iterator[None]:
    """Raises SourceError of this place for whatever reading what is `expected` there raises within."""
    try:
        yield
    except SigcheckError:
        raise
    except ValidationError as error:
        raise SourceError(place, f"{describe_problem(error)}. Correct it, or export it again.") from error
    except MemoryError:
        raise SourceError(place, "needs more memory than there is. Read it on a larger machine.") from None
    except OSError as error:
        raise SourceError(place, f"cannot be read: {system_words(error)}. Try again.") from error
    except _broken() as error:
        problem = f"broken: {_reason(error)}, expected {expected}. Export or copy it again."
        raise SourceError(place, problem) from error


def _broken() -> tuple[type[Exception], ...]:
    """What parsing raises on files that are not what they seem to be. Asked for only once something was raised."""
    import struct
    import zipfile
    import zlib

    return (
        ValueError,  # with it UnicodeDecodeError and JSONDecodeError
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        EOFError,
        NotImplementedError,
        struct.error,
        zipfile.BadZipFile,
        zlib.error,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    if isinstance(error, UnicodeDecodeError):
        return "a name is not UTF-8 text"
    import zipfile

    if isinstance(error, zipfile.BadZipFile):
        return "cut off, or not a zip archive"
    text = str(error).strip().partition("\n")[0].rstrip(".")
    if isinstance(error, ValueError) and text:
        return text[:200]
    return "its parts do not agree"
