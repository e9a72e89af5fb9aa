"""Address: how a URL is told from a path, and how one may be shown: without what it keeps secret."""

from __future__ import annotations

import re

# A scheme of one letter is a drive of Windows.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|(?:models|runs):/[^/]")
# How MLflow names what its registry, and its runs, have.
REGISTRY = ("models:/", "runs:/")
# An address anywhere in a text: host with whatever stands before it, path and query. A path object makes one slash
# of the two. The parts share no character, so the time is that of one look at each.
_ADDRESS = re.compile(r"""(?<=[A-Za-z0-9+.-][A-Za-z0-9+.-]):(/{1,3})([^\s/?#"'<>]*)([^\s#"'<>]*)""")
_COVER = "***"
# In whose addresses the container of a store, or a model, stands before the `@`, and not who logs in.
_WITH_CONTAINER = ("abfs", "az", "models", "runs")


def is_address(text: str) -> bool:
    """Whether the text is a URL, or names what a registry has, and is no path."""
    return _SCHEME.match(text) is not None


def masked(text: str) -> str:
    """The text with the credentials of every address in it covered: who logs in, and what a query says.

    A query is covered whole, for whichever name a service gives to its tokens.

    >>> masked("https://me:secret@example.com/m.json?sig=abc&v: no such file")
    'https://***@example.com/m.json?sig=***&***: no such file'
    """
    return _ADDRESS.sub(_covered, text) if ":/" in text else text


def _covered(found: re.Match[str]) -> str:
    slashes, authority, rest = found.groups()
    before, at, host = authority.rpartition("@")
    is_container = ":" not in before and found.string.endswith(_WITH_CONTAINER, 0, found.start())
    path, mark, query = rest.partition("?")
    shown = "&".join(_part(part) for part in query.split("&")) if mark else ""
    return f":{slashes}{f'{before if is_container else _COVER}@' if at else ''}{host}{path}{mark}{shown}"


def _part(part: str) -> str:
    """One `name=value` of a query; what stands behind a colon is the message around the address."""
    name, equals, value = part.partition("=")
    end = value if equals else name
    tail = end[len(end.rstrip(":,.;)")) :]
    return f"{name}=***{tail}" if equals else f"{_COVER}{tail}" if part else ""
