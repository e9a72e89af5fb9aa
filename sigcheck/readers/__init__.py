"""Readers: one source format per folder, one kind of live object per file of `live`.

A format's folder has `recognize`, which tells it by structure, never by a parse that happened not
to fail; `signature`, which gives a `Model`; and `graph`, which opens the graph of one signature,
where the format has one. A reader runs no code of the model and imports no TensorFlow; readers of
live objects use the TensorFlow that the caller has imported already.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from sigcheck.encodings.source import Source
from sigcheck.readers.broken import told
from sigcheck.schema.address import is_address, masked
from sigcheck.schema.budget import bounded
from sigcheck.schema.catalog import Catalog
from sigcheck.schema.errors import SourceError
from sigcheck.schema.loading import Load, Loading, loading_of
from sigcheck.schema.signature import Model, Signature

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sigcheck.graph.view import Graphs


class Format(Protocol):
    """A format of files: the module `recognize` of its folder is of this shape, and light to import.

    `ACCEPTS` is what people call such a source, as it stands in "expected ...". Formats are asked
    in the order of `ORDER`, and the first that recognizes a source reads it: what is told by its
    suffix alone comes last.
    """

    NAME: str
    ORDER: int
    ACCEPTS: str

    def recognizes(self, source: Source, /) -> bool:
        """Whether the source is of this format, told by its structure."""


class SignatureReader(Protocol):
    """How a format is read: the module `signature` of its folder is of this shape."""

    def read(self, source: Source, /) -> Model:
        """What is in the source. ValueError, KeyError and the like are taken for a broken file."""


class GraphReader(Protocol):
    """How the graph of a format is opened: the module `graph` of its folder is of this shape."""

    def open_graphs(self, source: Source, /) -> AbstractContextManager[Graphs]:
        """The graphs of the signatures, their large constants left in the file until it is closed."""


class ServedReader(Protocol):
    """How sources of a format that stand for another are followed: the module `served` of its folder is of this shape.

    Light to import: it is asked of every source, in the order of `ORDER`.
    """

    NAME: str
    ORDER: int

    def served(self, source: Source, /) -> Source | None:
        """The source that is meant, as a server would take it; None where this one stands for itself."""


class LiveReader(Protocol):
    """A kind of object in memory. Recognizing one looks in `sys.modules` and imports nothing."""

    NAME: str
    ORDER: int
    ACCEPTS: str

    def recognizes(self, value: object, /) -> bool:
        """Whether the value is of this kind."""

    def read(self, value: object, /) -> Model:
        """What the value takes and gives."""


CATALOG: Catalog[Format] = Catalog(__name__, module="recognize")
SERVED_CATALOG: Catalog[ServedReader] = Catalog(__name__, module="served")
# A Keras model is a tf.Module too: the order of the entries decides.
LIVE_CATALOG: Catalog[LiveReader] = Catalog("sigcheck.readers.live")


def graph_reader(reader: str) -> GraphReader | None:
    """What opens the graphs of models that the reader of this name read; None where there is nothing."""
    module = CATALOG.module_of(reader, "graph")
    return None if module is None else cast("GraphReader", import_module(module))


def read(source: object, *, load: Load = False) -> Model:
    """The signatures of a source: a path, a parsed Source, a Model or Signature as it is, or a live object.

    Of a folder of versions the one that is served is read. With `load` a SavedModel or a Keras file is loaded by
    TensorFlow, in a process of its own: a model is a program. Raises SourceError where the source is not there, is no
    model, or is broken.
    """
    return read_meant(source, load=load)[1]


def read_meant(source: object, *, load: Load = False) -> tuple[object, Model]:
    """What was read where the source is named, a Source unless it is an object in memory, and its signatures.

    Raises SourceError as `read` does.
    """
    if isinstance(source, str | os.PathLike):
        source = Source.parse(source)
    if not isinstance(source, Source):
        return source, _read_live(source)
    source, loading = served(source), loading_of(load)
    return source, read_source(source) if loading is None else _read_loaded(source, loading)


def served(source: Source) -> Source:
    """The source that is meant where this one is named: of a folder of versions the one that is served."""
    for one in SERVED_CATALOG.in_order():
        found = one.served(source)
        if found is not None:
            return found
    return source


def _read_live(source: object) -> Model:
    if isinstance(source, Model):
        return source
    if isinstance(source, Signature):
        return Model(source="signature", reader="signature", signatures=(source,))
    kind = type(source)
    place = f"{kind.__module__}.{kind.__qualname__}"
    for reader in LIVE_CATALOG.in_order():
        if reader.recognizes(source):
            return reader.read(source)
    raise SourceError(place, f"not a model, expected {_accepted(LIVE_CATALOG)}. Pass one of these.")


def _read_loaded(source: Source, loading: Loading) -> Model:
    from sigcheck.readers.loaded.read import LOADED, read_loaded

    with bounded(source.place):
        known = recognize(source)
    if known is None or known.NAME not in LOADED:
        return read_source(source)
    return read_loaded(source, loading=loading)


def is_recognized(value: object) -> bool:
    """Whether an object in memory is one that is read."""
    return any(reader.recognizes(value) for reader in LIVE_CATALOG.in_order())


def read_source(source: Source) -> Model:
    """The signatures of a source that was parsed already. Raises SourceError as `read` does."""
    try:
        return _read(source)
    except SourceError:
        from sigcheck.readers.no_model import pointer

        found = pointer(source)
        if found is None:
            raise
        raise SourceError(source.place, f"{found.is_what}. {found.cure}") from None


def _read(source: Source) -> Model:
    with bounded(source.place):
        known = recognize(source)
        if known is not None:
            with told(source.place, known.ACCEPTS):
                model = cast("SignatureReader", import_module(f"{__name__}.{known.NAME}.signature")).read(source)
            # What reports, locks and caches call it by tells no credentials.
            return model.model_copy(update={"source": masked(model.source)}) if is_address(source.text) else model
    from sigcheck.readers.no_model import describe

    found = describe(source, [one.ACCEPTS for one in CATALOG.in_order()], _usual())
    raise SourceError(source.place, f"{found.is_what}. {found.cure}")


def recognize(source: Source) -> Format | None:
    """The format of a source, None where it is of none. Raises SourceError where it cannot be looked at."""
    for one in CATALOG.in_order():
        try:
            if one.recognizes(source):
                return one
        except Exception:  # noqa: PERF203  # costs nothing where nothing is raised
            # Entered for what is raised alone: of thousands of small files it would be asked ten times each.
            with told(source.place, one.ACCEPTS):
                raise
    return None


def _usual() -> str:
    """What people save models as: the formats that hold a graph, and how many others there are."""
    formats = CATALOG.in_order()
    names = [one.ACCEPTS for one in formats if CATALOG.module_of(one.NAME, "graph") is not None]
    return f"{', '.join(names)} or one of {len(formats) - len(names)} other formats"


def _accepted(catalog: Catalog[LiveReader]) -> str:
    from sigcheck.readers.no_model import either

    return either([reader.ACCEPTS for reader in catalog.in_order()])
