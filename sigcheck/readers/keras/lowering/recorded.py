"""Recorded: what the file records of the tensors that a call gives, held against what the rule of the layer says."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.readers.keras.config.tensor import UNKNOWN
from sigcheck.readers.keras.config.tensor import Tensor as Spec

_MAX_OUTPUTS = 1_000


def held_to_records(specs: tuple[Spec, ...], records: Mapping[int, Spec]) -> tuple[tuple[Spec, ...], bool]:
    """The specs with what the file records of them, and whether it refutes one, of which nothing is known then.

    A layer that is refuted does in this file what Keras' own of its name does not.
    """
    if not records or not all(isinstance(index, int) and 0 <= index < _MAX_OUTPUTS for index in records):
        return specs, False
    count = max(len(specs), max(records) + 1)
    told = tuple(_agreed(specs[index] if index < len(specs) else None, records.get(index)) for index in range(count))
    is_refuted = any(one is UNKNOWN and other is not UNKNOWN for one, other in zip(told, specs, strict=False))
    return told, is_refuted


def _agreed(found: Spec | None, record: Spec | None) -> Spec:
    if found is None or record is None:
        return found or record or UNKNOWN
    if record.dtype is not None and found.dtype not in {None, record.dtype}:
        return UNKNOWN
    shape = found.shape if found.shape is not None else record.shape
    if found.shape is not None and record.shape is not None:
        if len(found.shape) != len(record.shape) or any(
            size is not None and size != recorded for size, recorded in zip(found.shape, record.shape, strict=True)
        ):
            return UNKNOWN
        shape = record.shape
    return Spec(found.dtype or record.dtype, shape, found.kind or record.kind)
