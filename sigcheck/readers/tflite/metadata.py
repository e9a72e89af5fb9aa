"""TFLite metadata: what a file tells of the meaning of its tensors.

A flatbuffer of its own in the buffer that is named TFLITE_METADATA, and files of labels in a
zip behind the model. What it says may be wrong, as all that is not enforced; it is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, NamedTuple

from sigcheck.encodings.archive import open_archive, read_member
from sigcheck.encodings.content import Content
from sigcheck.encodings.flatbuffer import Table
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Normalization
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Note

# Fields by number (schema.fbs, and metadata_schema.fbs of TFLite Support).
_BUFFERS, _METADATA = 4, 6
_NAME, _BUFFER = 0, 1
_DATA = 0
_SUBGRAPH_METADATA = 3
_INPUT_METADATA, _OUTPUT_METADATA = 2, 3
_CONTENT, _PROCESS_UNITS, _ASSOCIATED_FILES = 3, 4, 6
_UNION_TYPE, _UNION = 0, 1
_MEAN, _STD = 0, 1
_FILE_NAME, _FILE_TYPE = 0, 2

_ENTRY = "TFLITE_METADATA"
_IMAGE_PROPERTIES = 2
_NORMALIZATION_OPTIONS = 1
_AXIS_LABELS, _VALUE_LABELS = 2, 3
_CHANNEL_ORDERS = {1: "RGB", 2: "GRAY"}

_MAX_ENTRIES = 1_000
# Files of one tensor: its labels, in each language.
_MAX_FILES = 200
MAX_METADATA_BYTES = 16 << 20
MAX_LABELS_BYTES = 16 << 20


@dataclass(frozen=True)
class TensorFacts:
    """What the metadata tells of one tensor. `label_counts` are by role: "axis" or "value"."""

    normalization: Normalization | None = None
    channel_order: str | None = None
    label_counts: Mapping[str, int] = field(default_factory=dict)

    def for_tensor(self, name: str, dtype: str | None, shape: Shape | None) -> tuple[dict[str, Any], list[Note]]:
        """The facts that apply to a tensor of this dtype and shape, and notes on what does not."""
        known: dict[str, Any] = {}
        notes: list[Note] = []
        is_float = dtype is not None and DTYPES[dtype].kind == "float"
        if self.normalization is not None and is_float:
            known["normalization"] = self.normalization
        elif self.normalization is not None:
            mean, std = (", ".join(f"{number:g}" for number in numbers) for numbers in self.normalization_numbers())
            notes.append(Note(place=name, message=f"real values are normalized with mean {mean} and std {std}"))
        if self.channel_order is not None:
            known |= {"channel_order": self.channel_order, "meaning": "pixels"}
        if "value" in self.label_counts:
            known |= {"id_count": self.label_counts["value"], "meaning": "class_ids"}
        count = self.label_counts.get("axis")
        if count is not None and shape and shape[-1] is not None and shape[-1] != count:
            notes.append(Note(place=name, message=f"its file of labels names {count}, its last axis has {shape[-1]}"))
        return known, notes

    def normalization_numbers(self) -> tuple[Sequence[float], Sequence[float]]:
        """Mean and std, empty where there is no normalization."""
        return (self.normalization.mean, self.normalization.std) if self.normalization else ((), ())


class Metadata(NamedTuple):
    """The facts of inputs and outputs for each subgraph, in the order of its tensors."""

    subgraphs: Sequence[tuple[Sequence[TensorFacts], Sequence[TensorFacts]]]
    notes: Sequence[Note]

    def of(self, subgraph: int) -> tuple[Sequence[TensorFacts], Sequence[TensorFacts]]:
        """The facts of a subgraph's inputs and outputs."""
        return self.subgraphs[subgraph] if subgraph < len(self.subgraphs) else ((), ())


NO_METADATA = Metadata((), ())


def read_metadata(model: Table, content: Content) -> Metadata:
    """The metadata of a model; broken metadata is a note, since the signatures stand without it."""
    try:
        written = _find(model)
        if written is None:
            return NO_METADATA
        # Tensors of one file of labels are many, and each may name it more than once.
        labels = cache(partial(_count_labels, content))
        subgraphs = [
            (
                [_read_tensor(tensor, labels) for tensor in subgraph.iterate(_INPUT_METADATA, _MAX_ENTRIES)],
                [_read_result(tensor, labels) for tensor in subgraph.iterate(_OUTPUT_METADATA, _MAX_ENTRIES)],
            )
            for subgraph in Table.root(written).iterate(_SUBGRAPH_METADATA, _MAX_ENTRIES)
        ]
    except (ValueError, IndexError) as error:
        return Metadata((), (Note(place="metadata", message=f"broken and left out: {error}"),))
    return Metadata(subgraphs, ())


def _find(model: Table) -> bytes | None:
    for entry in model.iterate(_METADATA, _MAX_ENTRIES):
        if entry.text(_NAME) == _ENTRY:
            buffer = model.element(_BUFFERS, entry.number(_BUFFER, "I"))
            return buffer.data(_DATA, MAX_METADATA_BYTES) or None
    return None


def _read_tensor(tensor: Table, labels: Callable[[str], int | None]) -> TensorFacts:
    counts: dict[str, int] = {}
    for file in tensor.iterate(_ASSOCIATED_FILES, _MAX_FILES):
        role = {_AXIS_LABELS: "axis", _VALUE_LABELS: "value"}.get(file.number(_FILE_TYPE, "b"))
        count = labels(file.text(_FILE_NAME)) if role else None
        if role and count and role not in counts:
            counts[role] = count
    return TensorFacts(_read_normalization(tensor), _read_channel_order(tensor), counts)


def _read_result(tensor: Table, labels: Callable[[str], int | None]) -> TensorFacts:
    """What the metadata tells of an output.

    Segmenters call their masks and logits images, as those that give pictures call these: of a result it says nothing.
    A process unit of a result is what is still to be done to it, outside the graph (metadata_schema.fbs): the values
    that the model gives are not normalized by it.
    """
    return replace(_read_tensor(tensor, labels), channel_order=None, normalization=None)


def _read_normalization(tensor: Table) -> Normalization | None:
    for unit in tensor.iterate(_PROCESS_UNITS, _MAX_ENTRIES):
        options = unit.table(_UNION)
        if unit.number(_UNION_TYPE, "B") != _NORMALIZATION_OPTIONS or options is None:
            continue
        mean, std = options.numbers(_MEAN, "f", _MAX_ENTRIES), options.numbers(_STD, "f", _MAX_ENTRIES)
        if not mean or not std or not all(map(math.isfinite, (*mean, *std))) or min(std) <= 0:
            return None
        count = max(len(mean), len(std))
        # One number stands for all channels.
        mean, std = (numbers * count if len(numbers) == 1 else numbers for numbers in (mean, std))
        return Normalization(mean=mean, std=std) if len(mean) == len(std) else None
    return None


def _read_channel_order(tensor: Table) -> str | None:
    told = tensor.table(_CONTENT)
    if told is None or told.number(_UNION_TYPE, "B") != _IMAGE_PROPERTIES:
        return None
    properties = told.table(_UNION)
    return None if properties is None else _CHANNEL_ORDERS.get(properties.number(0, "b"))


def _count_labels(content: Content, name: str) -> int | None:
    """The number of lines of a file of labels, or None where it is not behind the model."""
    from zipfile import BadZipFile

    try:
        with open_archive(content) as archive:
            text = read_member(archive, name, MAX_LABELS_BYTES)
    except (BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, OSError):
        return None
    # Counted where they stand: a list of them takes thirty times the bytes.
    lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return lines.count(b"\n") + (not lines.endswith(b"\n") and lines != b"")
