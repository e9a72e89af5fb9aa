"""Graph of a Keras HDF5 file: its config is that of a `.keras` file, and lowered as that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sigcheck.encodings.source import Source
from sigcheck.graph.view import Graphs
from sigcheck.readers.keras.graph import lower_config
from sigcheck.readers.keras_h5.signature import read_data


@contextmanager
def open_graphs(source: Source) -> Iterator[Graphs]:
    """The graph of the one signature of the model. Raises as `keras.graph.open_graphs` does."""
    yield Graphs(partial(lower_config, read_data(source)))
