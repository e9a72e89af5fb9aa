"""Weights of a TensorFlow.js model: where each stands in its files, and the numbers of the small ones.

A group of weights is one run of bytes, cut into files (the manifest of `model.json`).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sigcheck.encodings.source import Source
from sigcheck.graph.view import Attributes, Constant
from sigcheck.readers.graph_def.attributes import CODES, MAX_CONSTANT_BYTES, constant
from sigcheck.schema.errors import SourceError
from sigcheck.schema.shape import MAX_RANK

# Shards are of 4 MiB unless the converter is told otherwise.
_MAX_FILES = 4_096
_DTYPES = {"float32", "int32", "bool"}
# What numbers are stored as where they are quantized.
_STORED = {"uint8", "uint16", "float16"}


@dataclass(frozen=True)
class _Place:
    """A weight: its group, its first byte there, and what its manifest says. No first byte is a place unknown."""

    group: int
    start: int | None
    told: Mapping[str, Any]


class Weights:
    """The weights of a model, read where they are asked for."""

    def __init__(self, folder: Source, groups: Sequence[Mapping[str, Any]], stack: ExitStack) -> None:
        """Raises ValueError and the like where the manifest is broken. No file is opened yet."""
        self._folder = folder
        self._groups = groups
        self._stack = stack
        self._places: dict[str, _Place] = {}
        self._files: dict[int, list[Any]] = {}
        for group, told in enumerate(groups):
            at: int | None = 0
            for weight in told["weights"]:
                self._places[weight["name"]] = _Place(group, at, weight)
                size = _size(weight)
                at = None if at is None or size is None else at + size

    @classmethod
    @contextmanager
    def open(cls, file: Source, groups: Sequence[Mapping[str, Any]]) -> Iterator[Weights]:
        """The weights beside a `model.json`; their files are open until the end."""
        with ExitStack() as stack:
            yield cls(file, groups, stack)

    def constant(self, name: str) -> Attributes:
        """The attributes of the node of this name; none where there is no such weight."""
        place = self._places.get(name)
        if place is None:
            return {}
        shape = _shape(place.told)
        dtype = str(place.told["dtype"])
        numbers = self._numbers(place, shape) if dtype in _DTYPES and place.start is not None else None
        value = Constant(dtype, shape) if numbers is None else constant(dtype, shape, numbers)
        return {"dtype": dtype, "value": value}

    def _numbers(self, place: _Place, shape: tuple[int, ...]) -> list[float] | None:
        quantization = place.told.get("quantization") or {}
        stored = str(quantization.get("dtype") or place.told["dtype"])
        code, size = CODES[stored], _size(place.told)
        if not size or size > MAX_CONSTANT_BYTES or place.start is None:
            return None
        data = self._bytes(place.group, place.start, size)
        if data is None:
            return None
        numbers = list(struct.unpack(f"<{math.prod(shape)}{code}", data))
        if quantization and stored != "float16":
            scale, least = float(quantization["scale"]), float(quantization["min"])
            found = [number * scale + least for number in numbers]
            # Scaled in float32, or rounded to whole numbers.
            numbers = (
                [round(one) for one in found] if place.told["dtype"] == "int32" else [_narrow(one) for one in found]
            )
        return numbers

    def _bytes(self, group: int, start: int, size: int) -> bytes | None:
        """Bytes of a group; None where its files are not there or too short."""
        if group not in self._files:
            self._files[group] = self._open(self._groups[group]["paths"])
        found = b""
        for content in self._files[group]:
            if start < len(content):
                part = bytes(content[start : start + size - len(found)])
                found, start = found + part, 0
                if len(found) == size:
                    return found
            else:
                start -= len(content)
        return None

    def _open(self, paths: Sequence[str]) -> list[Any]:
        """The files of a group, as far as all are there: of one that is missing the length is not known."""
        folder = self._folder.path.parent
        contents = []
        for path in paths[:_MAX_FILES]:
            parts = PurePosixPath(path).parts
            if not parts or ".." in parts or PurePosixPath(path).is_absolute() or "\\" in path or ":" in path:
                break
            try:
                contents.append(self._stack.enter_context(self._folder.files.open(folder.joinpath(*parts))))
            except SourceError:
                break
        return contents


def _narrow(number: float) -> float:
    narrowed: float = struct.unpack("<f", struct.pack("<f", number))[0]
    return narrowed


def _shape(weight: Mapping[str, Any]) -> tuple[int, ...]:
    shape = tuple(int(size) for size in weight["shape"])
    if len(shape) > MAX_RANK or any(size < 0 for size in shape):
        raise ValueError(f"a weight of shape {list(shape)[:MAX_RANK]}")
    return shape


def _size(weight: Mapping[str, Any]) -> int | None:
    """The bytes of a weight; None where they depend on its values, as texts do."""
    quantization = weight.get("quantization") or {}
    stored = quantization.get("dtype") or weight["dtype"]
    if stored not in (_STORED if quantization else _DTYPES):
        return None
    return math.prod(_shape(weight)) * struct.calcsize(CODES[stored])
