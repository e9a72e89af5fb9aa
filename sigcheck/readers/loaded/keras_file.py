"""Keras files, loaded: with the custom objects of the modules that a person named. In a process of their own only.

Keras' safe mode refuses code that lies in the file. It is off only where all of that code belongs to Lambda layers
that a person named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sigcheck.encodings.source import Source
from sigcheck.readers.loaded.custom_objects import import_modules
from sigcheck.readers.loaded.program import Program

# Code in a config: as Keras 3 writes it, and as Keras 2 did.
_CODE = "__lambda__"
_OLD_CODE = ("function_type", "lambda")


def load_keras(path: Path, program: Program | None) -> Any:
    """The model in a file. Raises what Keras raises, and ValueError for code that nobody named."""
    import keras

    program = program or Program()
    objects = import_modules(program)
    allowed = set(program.lambdas)
    is_safe = True
    if allowed:
        found = set(coded_layers(_config(path)))
        if others := sorted(found - allowed):
            raise ValueError(
                f"the code of {', '.join(map(repr, others))} lies in the file, and was not named as one that may run"
            )
        is_safe = not found
    with keras.saving.custom_object_scope(objects):
        return keras.models.load_model(str(path), custom_objects=objects, compile=False, safe_mode=is_safe)


def coded_layers(config: Any, layer: str = "the model") -> Iterator[str]:
    """Yields the layers whose code lies in the config itself, by their names."""
    waiting = [(config, layer)]
    while waiting:
        value, name = waiting.pop()
        if isinstance(value, list):
            waiting += [(item, name) for item in value]
        elif isinstance(value, dict):
            own = value.get("config")
            inner = own.get("name") if isinstance(own, dict) else None
            name = inner if isinstance(inner, str) else name
            if value.get("class_name") == _CODE or value.get(_OLD_CODE[0]) == _OLD_CODE[1]:
                yield name
            waiting += [(item, name) for item in value.values()]


def _config(path: Path) -> Any:
    from sigcheck.readers.keras.signature import read_data
    from sigcheck.readers.keras_h5.signature import read_data as read_hdf5

    source = Source.parse(path)
    return (read_data if source.head.startswith(b"PK") else read_hdf5)(source)
