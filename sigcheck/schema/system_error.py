"""What the system says of a file that it does not open, read or write, in the words of a message."""

from __future__ import annotations

import errno

_CURES = {errno.ELOOP: "Mend the link.", errno.ENAMETOOLONG: "Shorten the name."}


def system_words(error: Exception) -> str:
    """The words of the system alone, without its number and the path, which the message has already.

    >>> system_words(IsADirectoryError(21, "Is a directory", "models"))
    'Is a directory'
    """
    # Libraries raise OSError too, with a text of their own or with none.
    said: str | None = error.strerror if isinstance(error, OSError) else None
    return said or str(error).partition("\n")[0].rstrip(".") or type(error).__name__


def unreadable(error: OSError) -> str:
    """That something cannot be read, and what to do about it.

    >>> unreadable(PermissionError(13, "Permission denied", "models"))
    'cannot be read: Permission denied. Check its permissions.'
    """
    return f"cannot be read: {system_words(error)}. {_CURES.get(error.errno or 0, 'Check its permissions.')}"
