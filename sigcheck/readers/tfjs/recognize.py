"""What is a TensorFlow.js model: JSON with a model topology."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "tfjs"
ORDER = 60
ACCEPTS = "a TensorFlow.js model.json"

FILE_NAME = "model.json"
TOPOLOGY = "modelTopology"
# Weights stand in files of their own; the topologies of published models have up to some 5 MB,
# and parsed, JSON takes up to twenty times its size in memory.
MAX_BYTES = 32 << 20


def recognizes(source: Source) -> bool:
    """A JSON file with a model topology, or a folder with one of the name `model.json`."""
    file = model_file(source)
    return file is not None and file.has_key(TOPOLOGY, MAX_BYTES)


def model_file(source: Source) -> Source | None:
    """The `model.json` of a folder, None where it has none; else the file itself."""
    return source.child(FILE_NAME) if source.is_directory else source
