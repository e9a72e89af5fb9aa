"""TFLite: the signatures of a flatbuffer, else its main subgraph, without an interpreter.

Endpoints stand in the order of the subgraph, which is the order of the interpreter's tensor
details; their names are those of the signature, or the tensors' own where there is none.
Quantization and what the metadata tells become facts that are read, not declared.
"""

from __future__ import annotations

from sigcheck.encodings.source import Source
from sigcheck.readers.tflite.recognize import NAME
from sigcheck.schema.signature import Model


def read(source: Source) -> Model:
    """The signatures under their keys, or the main subgraph under `default`.

    Raises ValueError or IndexError where the file is broken.
    """
    from sigcheck.readers.tflite.model_signatures import read_signatures

    with source.content() as content:
        signatures, notes = read_signatures(content)
    return Model(source=source.text, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))
