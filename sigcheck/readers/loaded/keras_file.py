"""Keras files, loaded: with the custom objects of the modules that a person named. In a process of their own only.

Keras' safe mode refuses code that lies in the file. It is off only where all of that code belongs to Lambda layers
that a person named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sigcheck.encodings.source import Source
from sigcheck.readers.loaded.custom_objects import import_modules
from sigcheck.readers.loaded.program import Program

# Code in a config: as Keras 3 writes it, and as Keras 2 did.
_CODE = "__lambda__"
_OLD_CODE = ("function_type", "lambda")
# What else Keras' safe mode keeps out: a pickle of PyTorch, and what lies in other files.
_UNSAFE_LAYERS, _OF_FILE = frozenset({"TorchModuleWrapper", "TFSMLayer"}), "vocabulary"


def load_keras(path: Path, program: Program | None) -> Any:
    """The model in a file. Raises what Keras raises, and ValueError for code that nobody named."""
    import keras

    program = program or Program()
    objects = import_modules(program)
    is_safe = not program.lambdas or not _has_named_code(_config(path), program.lambdas)
    with keras.saving.custom_object_scope(objects):
        return keras.models.load_model(str(path), custom_objects=objects, compile=False, safe_mode=is_safe)


def _has_named_code(config: Any, named: Collection[str]) -> bool:
    """Whether code of these layers lies in the config. Raises ValueError where something else is there to fear."""
    found = set(coded_layers(config))
    if others := sorted(found.difference(named)):
        raise ValueError(
            f"the code of {', '.join(map(repr, others))} lies in the file, and was not named as one that may run"
        )
    if found and (unsafe := sorted(set(_unsafe_layers(config)))):
        raise ValueError(
            f"beside that code {', '.join(map(repr, unsafe))} would unpickle something, or open another file"
        )
    return bool(found)


def coded_layers(config: Any) -> Iterator[str]:
    """Yields the layers whose code lies in the config itself, by their names."""
    for name, value in _objects(config):
        if value.get("class_name") == _CODE or value.get(_OLD_CODE[0]) == _OLD_CODE[1]:
            yield name


def _unsafe_layers(config: Any) -> Iterator[str]:
    for name, value in _objects(config):
        if value.get("class_name") in _UNSAFE_LAYERS or isinstance(value.get(_OF_FILE), str):
            yield name


def _objects(config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields all objects in a config, each with the name of the layer that it is of."""
    waiting = [(config, "the model")]
    while waiting:
        value, name = waiting.pop()
        if isinstance(value, list):
            waiting += [(item, name) for item in value]
        elif isinstance(value, dict):
            own = value.get("config")
            inner = own.get("name") if isinstance(own, dict) else None
            name = inner if isinstance(inner, str) else name
            yield name, value
            waiting += [(item, name) for item in value.values()]


def _config(path: Path) -> Any:
    from sigcheck.readers.keras.signature import read_data
    from sigcheck.readers.keras_h5.signature import read_data as read_hdf5

    source = Source.parse(path)
    return (read_data if source.head.startswith(b"PK") else read_hdf5)(source)
