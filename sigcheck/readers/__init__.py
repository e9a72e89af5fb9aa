"""Readers: one source format per file. The catalogs below are the whole list.

A reader recognizes its format by structure, never by a parse that happened not to fail,
and gives a `Model`. It runs no code of the model and imports no TensorFlow; readers of
live objects use the TensorFlow that the caller has imported already.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from pydantic import ValidationError

from sigcheck.readers.schema_problem import describe_problem
from sigcheck.readers.source import Source
from sigcheck.schema.address import is_address, masked
from sigcheck.schema.budget import bounded
from sigcheck.schema.catalog import Catalog
from sigcheck.schema.errors import SigcheckError, SourceError
from sigcheck.schema.signature import Model, Signature

_ZIP = b"PK\x03\x04"


class Reader(Protocol):
    """A format of files. Each is a module of this shape, light to import.

    `ACCEPTS` is what people call such a source, as it stands in "expected ...".
    """

    NAME: str
    ACCEPTS: str

    def recognizes(self, source: Source, /) -> bool:
        """Whether the source is of this format, told by its structure."""

    def read(self, source: Source, /) -> Model:
        """What is in the source. ValueError, KeyError and the like are taken for a broken file."""


class LiveReader(Protocol):
    """A kind of object in memory. Recognizing one looks in `sys.modules` and imports nothing."""

    NAME: str
    ACCEPTS: str

    def recognizes(self, value: object, /) -> bool:
        """Whether the value is of this kind."""

    def read(self, value: object, /) -> Model:
        """What the value takes and gives."""


# Asked in this order; the first that recognizes a source reads it. A signature file is told
# by its suffix alone, so formats that are JSON with a structure of their own stand before it.
CATALOG: Catalog[Reader] = Catalog(
    __name__, "saved_model", "frozen_graph", "keras_v3", "keras_h5", "tflite", "tfjs", "signature_file"
)
# A Keras model is a tf.Module too.
LIVE_CATALOG: Catalog[LiveReader] = Catalog(
    __name__, "live_keras", "live_function", "live_dataset", "live_module", "live_notation", "live_type_spec"
)

if TYPE_CHECKING:
    from sigcheck.readers import (
        frozen_graph,
        keras_h5,
        keras_v3,
        live_dataset,
        live_function,
        live_keras,
        live_module,
        live_notation,
        live_type_spec,
        saved_model,
        signature_file,
        tfjs,
        tflite,
    )

    # What the catalogs hold, for the type checker: each module is of the shape that they promise.
    _FILES: tuple[Reader, ...] = (saved_model, frozen_graph, keras_v3, keras_h5, tflite, tfjs, signature_file)
    _LIVE: tuple[LiveReader, ...] = (
        live_keras,
        live_function,
        live_dataset,
        live_module,
        live_notation,
        live_type_spec,
    )


def read(source: object) -> Model:
    """The signatures of a source: a path, a parsed Source, a Model or Signature as it is, or a live object.

    Raises SourceError where the source is not there, is no model, or is broken.
    """
    if isinstance(source, Model):
        return source
    if isinstance(source, Signature):
        return Model(source="signature", reader="signature", signatures=(source,))
    if isinstance(source, Source):
        return read_source(source)
    if isinstance(source, str | os.PathLike):
        return read_source(Source.parse(source))
    kind = type(source)
    place = f"{kind.__module__}.{kind.__qualname__}"
    for reader in LIVE_CATALOG.values():
        if reader.recognizes(source):
            return reader.read(source)
    raise SourceError(place, f"not a model, expected {_accepted(LIVE_CATALOG)}. Pass one of these.")


def read_source(source: Source) -> Model:
    """The signatures of a source that was parsed already. Raises SourceError as `read` does."""
    with bounded(source.place):
        for reader in CATALOG.values():
            model = _read_with(reader, source)
            if model is not None:
                # What reports, locks and caches call it by tells no credentials.
                return model.model_copy(update={"source": masked(model.source)}) if is_address(source.text) else model
    raise SourceError(source.place, _unrecognized(source))


def _read_with(reader: Reader, source: Source) -> Model | None:
    """What the reader finds; None where the source is not of its format."""
    try:
        return reader.read(source) if reader.recognizes(source) else None
    except SigcheckError:
        raise
    except ValidationError as error:
        raise SourceError(source.place, f"{describe_problem(error)}. Correct it, or export it again.") from error
    except MemoryError:
        raise SourceError(source.place, "needs more memory than there is. Read it on a larger machine.") from None
    except OSError as error:
        raise SourceError(source.place, f"cannot be read: {error.strerror or error}. Try again.") from error
    except _broken() as error:
        problem = f"broken: {_reason(error)}, expected {reader.ACCEPTS}. Export or copy it again."
        raise SourceError(source.place, problem) from error


def _unrecognized(source: Source) -> str:
    from sigcheck.readers.folder import find_first_model

    if source.is_directory and (model := find_first_model(source)) is not None:
        return f"a folder that is no model itself, but holds some. Name one, such as {model.place}."
    from sigcheck.readers.saved_model import BINARY

    for folder in list(source.path.parents)[:2]:
        if source.files.kind(folder / BINARY) == "file":
            return f"a part of a SavedModel, not a model. Name the folder: {folder}."
    return f"{_known(source)}, expected {_accepted(CATALOG)}. {_cure(source)}"


def _known(source: Source) -> str:
    """What a source that no reader takes is."""
    if source.is_directory:
        return "a folder without a model" if source.names() else "an empty folder"
    if not source.head:
        return "an empty file"
    if source.head.startswith(_ZIP):
        return "a zip archive that is no .keras file"
    return "Python code, which is never run" if source.path.suffix == ".py" else "not a model"


def _cure(source: Source) -> str:
    if source.head.startswith(_ZIP):
        return "Unpack it, and name the model in it."
    if source.path.suffix == ".py":
        return "Save the model that it makes, and name the file."
    return "Check the path."


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


def _accepted(catalog: Catalog[Reader] | Catalog[LiveReader]) -> str:
    names = [reader.ACCEPTS for reader in catalog.values()]
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
