"""Graph of a Keras HDF5 file: its config is that of a `.keras` file, and lowered as that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sigcheck.encodings.source import Source
from sigcheck.graph.view import Graph
from sigcheck.readers.keras.graph import lower_config
from sigcheck.readers.keras_h5.signature import read_data
from sigcheck.schema.signature import Signature

IS_RUN_BY_TENSORFLOW = True
HAS_ALL_ATTRIBUTES = True


@contextmanager
def open_graph(source: Source, signature: Signature) -> Iterator[Graph]:
    """The graph of the one signature of the model. Raises as `keras.graph.open_graph` does."""
    yield lower_config(read_data(source), signature)
