"""Keras HDF5 files (`.h5`, `.hdf5`): the `model_config` attribute, and nothing else of the file.

Read whether Keras still loads it or not: Keras 3 refuses layers, activations and optimizers
of older files, and their configs say all the same what goes in and out. Names are those of
a `.keras` file.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.source import Source
from sigcheck.readers.keras.signature import MAX_CONFIG_BYTES
from sigcheck.readers.keras_h5.recognize import NAME
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Model

_CONFIG = "model_config"
_VERSION, _MOST_VERSION = "keras_version", 100


def read(source: Source) -> Model:
    """The signature under the key `default`. Raises SourceError for a file of weights alone."""
    from sigcheck.readers.keras.config.model import read_config

    data = read_data(source)
    signatures, notes = read_config(data, _keras_version(source))
    return Model(source=source.text, reader=NAME, signatures=signatures, notes=notes)


def _keras_version(source: Source) -> str | None:
    """The version of Keras that wrote the file; None where it does not say so in a few letters."""
    from sigcheck.encodings.hdf5_attribute import read_root_attribute

    with suppress(ValueError), source.content() as content:
        found = read_root_attribute(content, _VERSION, _MOST_VERSION)
        return None if found is None else found.decode("utf-8", "replace")
    return None


def read_data(source: Source) -> Any:
    """The config as JSON values. Raises as `read` does."""
    from sigcheck.encodings.hdf5_attribute import read_root_attribute

    with source.content() as content:
        written = read_root_attribute(content, _CONFIG, MAX_CONFIG_BYTES)
    if written is None:
        problem = f"an HDF5 file without {_CONFIG}, expected a whole Keras model, not its weights alone"
        raise SourceError(source.place, f"{problem}. Save it with model.save.")
    return parse_bytes(written)
