"""Presets: folders of a model library, in which a config names the class whose code makes the model."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from sigcheck.encodings.json_bytes import parse_bytes
from sigcheck.encodings.source import Source
from sigcheck.schema.printable import shortened

_CONFIG = "config.json"
# The config of a preset is some kilobytes.
_MOST_BYTES = 2**20
_LIBRARIES = ("keras_hub", "keras_nlp", "keras_cv")
# What a config says of its inputs and outputs, as far as one reads it there.
_SIZES = ("vocabulary_size", "image_shape", "sequence_length", "max_sequence_length", "hidden_dim", "num_classes")
_MOST_SIZES = 4


class NoModel(NamedTuple):
    """What a source is, and what to do."""

    is_what: str
    cure: str


def preset(folder: Source) -> NoModel | None:
    """What a folder of KerasHub or of Transformers is, by its config; None for another."""
    file = folder.child(_CONFIG)
    if file is None or file.is_directory:
        return None
    written: Any = None
    with suppress(ValueError, RecursionError), file.content() as content:
        if len(content) <= _MOST_BYTES:
            written = parse_bytes(bytes(content[:]))
    if not isinstance(written, dict):
        return None
    return _of_keras_hub(written) or _of_transformers(written)


def _of_keras_hub(written: dict[str, Any]) -> NoModel | None:
    name, module, config = (written.get(key) for key in ("class_name", "module", "config"))
    package = str(written.get("registered_name") or module).partition(">")[0].partition(".")[0]
    if package not in _LIBRARIES or not isinstance(name, str) or not isinstance(config, dict):
        return None
    sizes = [f"{key} {shortened(str(config[key]))}" for key in _SIZES if isinstance(config.get(key), int | list)]
    told = f" ({', '.join(sizes[:_MOST_SIZES])})" if sizes else ""
    cure = f"Load it with {package}.models.Backbone.from_preset or that of its task, save it with model.save"
    return NoModel(
        f"a preset of {package}, whose code makes the model: {shortened(name)}{told}",
        f"{cure}, and name that file, with --load --import {package} for what it does not say.",
    )


def _of_transformers(written: dict[str, Any]) -> NoModel | None:
    names = written.get("architectures")
    if not isinstance(names, list) or not names or not isinstance(names[0], str) or "model_type" not in written:
        return None
    return NoModel(
        f"a model of Transformers, whose code makes it: {shortened(names[0])}",
        "Export it to ONNX or as a SavedModel (save_pretrained(..., saved_model=True)), and name that.",
    )
