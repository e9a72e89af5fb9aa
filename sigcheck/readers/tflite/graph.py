"""Graph of a TFLite file: the operators of a signature's subgraph under TensorFlow's names, in real numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sigcheck.encodings.flatbuffer import Table
from sigcheck.encodings.source import Source
from sigcheck.graph.view import Graph, Graphs
from sigcheck.readers.tflite.lowering import Lowering
from sigcheck.readers.tflite.model_signatures import locate_signature
from sigcheck.readers.tflite.operators import lower_operator
from sigcheck.schema.signature import Signature


@contextmanager
def open_graphs(source: Source) -> Iterator[Graphs]:
    """The graphs of the signatures; their attributes can be read while it is open.

    Raises ValueError and the like where the file is broken or too large.
    """
    with source.content() as content:
        model = Table.root(content)

        def lower(signature: Signature) -> Graph:
            return Lowering(model, locate_signature(model, signature.key)).lower(lower_operator)

        yield Graphs(lower)
