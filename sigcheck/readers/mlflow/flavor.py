"""Flavor: the model that lies in an MLflow folder, where it is one that is read here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sigcheck.encodings.source import Source
from sigcheck.readers.named_entry import inside

# mlflow/tensorflow/__init__.py, mlflow/keras, mlflow/onnx: what a flavor calls its folder, and what lies in it.
_FOLDERS = ("saved_model_dir", "data")
_INSIDE = ("model", "model.keras", "model.h5", "model.onnx")
_FLAVORS = ("tensorflow", "keras", "onnx")


def find_model(folder: Source, flavors: Mapping[str, Any]) -> Source | None:
    """The file or folder of the model; None where no flavor names one that is there and is read here."""
    from sigcheck.readers import recognize

    for flavor in _FLAVORS:
        for found in _named(folder, flavors.get(flavor) or {}):
            if recognize(found) is not None:
                return found
    return None


def _named(folder: Source, flavor: Mapping[str, Any]) -> Iterator[Source]:
    for key in _FOLDERS:
        top = inside(folder, str(flavor.get(key) or ""))
        if top is not None:
            yield from (found for name in _INSIDE if (found := top.child(name)) is not None)
            yield top
