"""What is a data set of TFDS: its `features.json`, the `dataset_info.json` beside it, or the folder of both."""

from __future__ import annotations

from sigcheck.encodings.source import Source

NAME = "tfds"
# Before what is JSON too; a feature may have any name.
ORDER = 61
ACCEPTS = "a data set of TensorFlow Datasets (features.json)"

FEATURES, INFO = "features.json", "dataset_info.json"
MOST_BYTES = 4 << 20


def recognizes(source: Source) -> bool:
    """By the class of a feature; the rest by their names, which Hugging Face's have, too, with a word of their own."""
    if source.is_directory:
        return source.has(FEATURES) and source.has(INFO)
    if source.has_key("pythonClassName", MOST_BYTES):
        return True
    is_info = source.path.name == INFO and source.has_key("name", MOST_BYTES)
    return is_info and not source.has_key("_type", MOST_BYTES)
