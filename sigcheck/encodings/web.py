"""Web servers, asked by ranges of bytes: which hosts, for how long and for how much is looked at here.

A URL that ends with `/` is a folder; no page is read for what it may list. An answer is taken as the
bytes that came: nothing is unpacked. Which address a name stands for is looked up once and then asked,
so a name cannot mean another host the second time.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from sigcheck.encodings.files import FileKind
from sigcheck.encodings.reach import Reach, is_public
from sigcheck.encodings.remote_content import BLOCK_BYTES, RemoteContent, RemoteFiles, not_installed, translated
from sigcheck.schema.errors import SourceError

if TYPE_CHECKING:
    from yarl import URL

# Not Found and Gone.
_ABSENT = frozenset({404, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# As curl follows at most, and more than any server needs.
_MOST_REDIRECTS = 5
_OK, _PARTIAL, _EMPTY_RANGE = 200, 206, 416
_RANGE = re.compile(r"bytes (?P<start>\d{1,18})-(?P<stop>\d{1,18})/(?P<size>\d{1,18})")
_PORTS = {"http": 80, "https": 443}

# What a server that knows no ranges is asked for as a whole.
MAX_WHOLE_BYTES = 64 << 20


class _Answer(NamedTuple):
    """`size` is that of the whole file; `is_whole` says that the body is."""

    body: bytes
    size: int
    is_whole: bool


class WebFiles(RemoteFiles):
    """The files of the web server that a URL names, as `Files` of a Source."""

    def __init__(self, text: str, reach: Reach) -> None:
        """Asks nothing yet. Raises SourceError where aiohttp is not installed, or this address may not be asked."""
        try:
            import aiohttp
            import fsspec.asyn  # noqa: F401  # its loop runs beside one that the caller may have
            from yarl import URL
        except ImportError:
            raise not_installed(text) from None
        self._aiohttp = aiohttp
        self._reach = reach
        # A path object makes one slash of the two, and loses the one at the end.
        self._begin = text[: text.index("://") + 3]
        self._root = PurePath(text).parts[:2]
        self._folder = PurePath(text) if text.endswith("/") else None
        self._found: dict[str, RemoteContent | None] = {}
        try:
            self._first: URL = URL(text)
        except ValueError as error:
            raise SourceError(text, f"no address: {error}. Check it.") from None
        self._require_host(self._first)

    def kind(self, path: PurePath, /) -> FileKind | None:
        """What lies there; None where nothing does. Raises SourceError where the server does not answer."""
        if path == self._folder:
            return "folder"
        # Above the host is another one, which nobody named; what stands behind a `#` no server sees.
        is_asked = path.parts[:2] == self._root and "#" not in path.as_posix()
        return "file" if is_asked and self._look(self._url(path)) is not None else None

    def names(self, folder: PurePath, /) -> list[str]:
        """None: a web server does not list what it has."""
        return []

    def _url(self, path: PurePath) -> str:
        return self._begin + path.as_posix().partition(":")[2].lstrip("/")

    def _content(self, path: PurePath) -> RemoteContent:
        url = self._url(path)
        content = self._look(url)
        if content is None:
            raise SourceError(url, "no such file. Check the path.")
        return content

    def _look(self, url: str) -> RemoteContent | None:
        """The file with its first block, which tells how large it is; None where there is none."""
        if url not in self._found:
            answer = self._get(url, 0, BLOCK_BYTES)
            self._found[url] = None if answer is None else self._content_of(url, answer)
        return self._found[url]

    def _content_of(self, url: str, answer: _Answer) -> RemoteContent:
        if answer.is_whole:
            return RemoteContent(lambda start, stop: answer.body[start:stop], url, len(answer.body))

        def fetch(start: int, stop: int) -> bytes:
            part = self._get(url, start, stop)
            if part is None:
                raise SourceError(url, "gone while it was read. Try again.")
            return part.body[start:stop] if part.is_whole else part.body

        first = {0: answer.body} if len(answer.body) == min(BLOCK_BYTES, answer.size) else {}
        return RemoteContent(fetch, url, answer.size, first)

    def _get(self, url: str, start: int, stop: int) -> _Answer | None:
        """The bytes of a range; all of a file whose server knows no ranges; None where there is no such file."""
        import fsspec.asyn

        seconds = self._reach.budget.seconds_left(url)
        with translated(url):
            try:
                found: _Answer | None = fsspec.asyn.sync(fsspec.asyn.get_loop(), self._timed, url, start, stop, seconds)
            except asyncio.TimeoutError:
                raise self._reach.budget.too_slow(url) from None
            return found

    async def _timed(self, url: str, start: int, stop: int, seconds: float) -> _Answer | None:
        # Of the whole answer: a server that sends a byte a second never runs into a limit of each read.
        return await asyncio.wait_for(self._ask(url, start, stop), seconds)

    async def _ask(self, url: str, start: int, stop: int) -> _Answer | None:
        from yarl import URL

        aiohttp = self._aiohttp
        connector = aiohttp.TCPConnector(resolver=_resolver(self))
        headers = {"Range": f"bytes={start}-{stop - 1}", "Accept-Encoding": "identity"}
        async with aiohttp.ClientSession(
            connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        ) as session:
            asked = URL(url)
            for _ in range(_MOST_REDIRECTS + 1):
                self._require_host(asked)
                async with session.get(asked, headers=headers, allow_redirects=False) as answer:
                    if answer.status in _REDIRECTS:
                        asked = asked.join(URL(answer.headers.get("Location", "")))
                        continue
                    return await self._read(url, answer, start, stop)
        raise SourceError(url, f"over {_MOST_REDIRECTS} redirects. Check the address.")

    async def _read(self, url: str, answer: Any, start: int, stop: int) -> _Answer | None:
        if answer.status in _ABSENT:
            return None
        if answer.status == _EMPTY_RANGE and start == 0:
            return _Answer(b"", 0, is_whole=True)
        if answer.status not in {_OK, _PARTIAL}:
            raise RuntimeError(f"{answer.status} {answer.reason or ''}".strip())
        part = _RANGE.fullmatch(answer.headers.get("Content-Range", "")) if answer.status == _PARTIAL else None
        if answer.status == _PARTIAL and (part is None or int(part["start"]) != start):
            raise RuntimeError("another range of bytes came than was asked for")
        body = await self._body(url, answer, MAX_WHOLE_BYTES if part is None else stop - start)
        return _Answer(body, len(body) if part is None else int(part["size"]), is_whole=part is None)

    async def _body(self, url: str, answer: Any, most: int) -> bytes:
        """The bytes that come, at most so many: what a server says of their number is not relied on."""
        body = bytearray()
        async for piece in answer.content.iter_any():
            self._reach.budget.take(len(piece), url)
            body += piece
            if len(body) > most:
                raise SourceError(url, "a server that gives no ranges of bytes, and a large file. Copy it here.")
        return bytes(body)

    def _require_host(self, url: URL) -> None:
        """Raises SourceError for an address that this one may not lead to."""
        place = str(self._first)
        if url.scheme not in _PORTS or not url.host:
            raise SourceError(place, f"leads to {str(url)[:100]!r}, expected a web server. Check the address.")
        if _origin(url) != _origin(self._first):
            if not self._reach.may_leave:
                problem = f"redirects to another host, {url.host}, expected {self._first.host}. Name that address."
                raise SourceError(place, problem)
            if url.scheme == "http" and self._first.scheme == "https":
                raise SourceError(place, "redirects to http, expected encryption to the end. Copy it here.")
        elif url.scheme == "http" and not self._reach.is_private:
            raise SourceError(place, "http, expected https. Ask for it with --remote-private.")
        if _is_number(url.host):
            self.require_public(url.host, url.port or 0, [url.host])

    def require_public(self, host: str, port: int, addresses: list[str]) -> None:
        """Raises SourceError where a host is of a private address, and is not the one that may be."""
        if self._reach.is_private and port == self._first.port and host in {self._first.host, self._first.raw_host}:
            return
        if not all(map(is_public, addresses)):
            problem = f"{host} is of this machine or a private network, expected a public host"
            raise SourceError(str(self._first), f"{problem}. Ask for it with --remote-private.")


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.host, url.port


def _is_number(host: str) -> bool:
    # Such a host is never looked up. A scope may stand behind an address of IPv6.
    return ":" in host or host.replace(".", "").isdigit()


def _resolver(files: WebFiles) -> Any:
    """Looks a name up, and refuses it where it stands for an address that may not be asked."""
    from aiohttp import ThreadedResolver

    class Guard(ThreadedResolver):
        """A lookup as the system does it, looked at."""

        async def resolve(self, host: str, port: int = 0, *rest: Any, **more: Any) -> list[Any]:
            """The addresses of a host. Raises SourceError where one may not be asked."""
            found: list[Any] = await super().resolve(host, port, *rest, **more)
            files.require_public(host, port, [str(one["host"]) for one in found])
            return found

    return Guard()
