"""Meta graph: one of the models in a SavedModel, its large parts left unread until they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sigcheck.encodings.content import Content
from sigcheck.encodings.message import Message, decode, decode_entry
from sigcheck.encodings.wire import Span, scan
from sigcheck.readers.saved_model.wrapper import index_functions, read_function

# Some 60 bytes for each variable or layer: a hundred thousand of them. Decoding takes some 20 MB
# a second, so that a larger one would turn milliseconds into seconds.
MAX_OBJECT_GRAPH_BYTES = 8 * 2**20
# A signature of a thousand inputs is some 100 kB.
MAX_SIGNATURE_BYTES = 4 * 2**20
# Each becomes a value in memory. TensorFlow Serving configures a handful.
MAX_SIGNATURES = 1_000

_META_GRAPHS = 2
_META_INFO, _GRAPH, _SIGNATURES, _OBJECT_GRAPH = 1, 2, 5, 7


class MetaGraph(Protocol):
    """Tags, signatures by key, and a way to the object graph and the functions."""

    @property
    def tags(self) -> tuple[str, ...]:
        """The tag set, sorted."""

    @property
    def signatures(self) -> Mapping[str, Message]:
        """Each SignatureDef by its key."""

    def object_graph(self, *, whole: bool) -> Message | None:
        """The object graph, without its edges unless `whole`. None where there is none or it is too large."""

    def function(self, name: str) -> Message | None:
        """The function of this name in the library of the graph, or None."""


@dataclass
class ScannedMetaGraph:
    """A meta graph in a binary file that stays open while this is used."""

    content: Content
    tags: tuple[str, ...] = ()
    signatures: dict[str, Message] = field(default_factory=dict)
    graph: Span | None = None
    objects: Span | None = None
    _library: dict[str, Span] | None = None

    def object_graph(self, *, whole: bool) -> Message | None:
        """Decoded anew at each call."""
        if self.objects is None or self.objects.end - self.objects.start > MAX_OBJECT_GRAPH_BYTES:
            return None
        data = bytes(self.content[self.objects.start : self.objects.end])
        return decode("SavedObjectGraph" if whole else "SavedCallables", data)

    def function(self, name: str) -> Message | None:
        """Walks the library up to a limit, once."""
        if self._library is None:
            self._library = {} if self.graph is None else index_functions(self.content, self.graph)
        function = self._library.get(name)
        return None if function is None else read_function(self.content, function)


class DecodedMetaGraph(NamedTuple):
    """A meta graph that was decoded whole."""

    message: Message

    @property
    def tags(self) -> tuple[str, ...]:
        """The tag set, sorted."""
        return tuple(sorted(set(self.message.get("meta_info_def", {}).get("tags", ()))))

    @property
    def signatures(self) -> Mapping[str, Message]:
        """Each SignatureDef by its key."""
        found: Mapping[str, Message] = self.message.get("signature_def", {})
        return found

    def object_graph(self, *, whole: bool) -> Message | None:  # the whole is there already
        """The object graph, or None where there is none."""
        return self.message.get("object_graph_def")

    def function(self, name: str) -> Message | None:
        """The function of this name in the library of the graph, or None."""
        library = self.message.get("graph_def", {}).get("library", {})
        named = (one for one in library.get("function", ()) if one.get("signature", {}).get("name") == name)
        return next(named, None)


def scan_meta_graphs(content: Content) -> Iterator[ScannedMetaGraph]:
    """Yields the meta graphs of a binary SavedModel. Raises ValueError where the file is broken."""
    for number, part in scan(content):
        if number == _META_GRAPHS and isinstance(part, Span):
            yield _scan_meta_graph(content, part)


def _scan_meta_graph(content: Content, span: Span) -> ScannedMetaGraph:
    graph = ScannedMetaGraph(content)
    for number, part in scan(content, span.start, span.end):
        if not isinstance(part, Span):
            continue
        if number == _GRAPH:
            graph.graph = part
        elif number == _OBJECT_GRAPH:
            graph.objects = part
        elif number == _META_INFO:
            tags = decode("MetaInfoDef", _small(content, part)).get("tags", ())
            graph.tags = tuple(sorted({*graph.tags, *tags}))
        elif number == _SIGNATURES:
            key, signature = decode_entry("SignatureDef", _small(content, part))
            graph.signatures[key] = signature
            if len(graph.signatures) > MAX_SIGNATURES:
                raise ValueError(f"more than {MAX_SIGNATURES} signatures")
    return graph


def _small(content: Content, part: Span) -> bytes:
    if part.end - part.start > MAX_SIGNATURE_BYTES:
        raise ValueError(f"a signature of {part.end - part.start} bytes, more than {MAX_SIGNATURE_BYTES}")
    return bytes(content[part.start : part.end])
