"""What fills short rows: which filling is used, and what it becomes when all values are converted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from sigcheck.schema.agreement import VALUE_FACTS, conflicts, is_same_padding, numbers_held
from sigcheck.schema.dtype import DTYPES, rounded
from sigcheck.schema.facts import NOT_A_NUMBER, Facts, Filler, Padding, PaddingSide
from sigcheck.schema.id_agreement import is_filled_beyond_ids
from sigcheck.schema.meaning import CATEGORICAL
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor
from sigcheck.transforms.parts.transform import Code, Transform


class Filling(NamedTuple):
    """What fills short rows where the consumer declares no padding; a value of None is the zero of the dtype."""

    value: Filler | None = None
    side: PaddingSide = "post"


ZEROS_BEHIND = Filling()

# Meanings that speak of where rows end.
_OF_ROWS = frozenset({"lengths", "mask"})


@runtime_checkable
class FillingTransform(Transform, Protocol):
    """A transform that fills rows up: `propose_filled` takes the filling for consumers that declare none."""

    def propose_filled(self, spec: TensorSpec, required: TensorSpec, filling: Filling, /) -> Iterator[Step]:
        """Yields what `propose` does, with this filling."""


@dataclass(eq=False)
class Preferring:
    """A transform that fills rows up as a policy prefers it; like a module it is itself only, and never changed."""

    NAME: str
    transform: FillingTransform
    filling: Filling

    def __post_init__(self) -> None:
        """Has the coordinates of the transform."""
        self.SETTLES, self.READS, self.WRITES = self.transform.SETTLES, self.transform.READS, self.transform.WRITES

    def propose(self, spec: TensorSpec, required: TensorSpec, /) -> Iterator[Step]:
        """Yields the steps of the transform with the preferred filling."""
        return self.transform.propose_filled(spec, required, self.filling)

    def emit(self, spec: TensorSpec, step: Step, value: str, /) -> Code:
        """The code of the transform: the step says with what it fills."""
        return self.transform.emit(spec, step, value)

    def reference(self, spec: TensorSpec, step: Step, value: Tensor, /) -> Tensor:
        """The reference of the transform."""
        return self.transform.reference(spec, step, value)


# What is so small a part of a filling that was computed is left of it by rounding.
_LEAST = 1e-6


def padding_after(facts: Facts, change: Callable[[float], float] | None) -> Padding | None:
    """The padding after a conversion of every number; None where it is not known any more.

    >>> padding_after(Facts(padding=Padding(value=0)), lambda number: number / 127.5 - 1)
    Padding(value=-1.0, side='post')
    """
    padding = facts.padding
    if padding is not None and padding.value == NOT_A_NUMBER:
        # Whatever is done to it, it is no number.
        return padding
    if padding is None or change is None or isinstance(padding.value, str):
        return None
    value = change(float(padding.value))
    return Padding(value=value, side=padding.side) if math.isfinite(value) else None


def left_empty(facts: Facts) -> Padding | None:
    """The padding after each string was written in another form, in which an empty one is empty too; else None."""
    return facts.padding if facts.padding is not None and facts.padding.value == "" else None


def loses_filling(spec: TensorSpec, result: TensorSpec, required: TensorSpec) -> bool:
    """Whether rows are filled with what nobody can tell after a step, though the consumer says what fills them."""
    return None not in {spec.facts.padding, required.facts.padding} and result.facts.padding is None


def is_filled_last(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether the gaps of a sparse tensor are filled with what the consumer declares, once its values are converted.

    Else a gap is a zero, and stands for one in the producer's encoding: it is written out first.
    """
    return spec.kind != "sparse" or (required.kind == "dense" and required.facts.padding is not None)


def _is_blurred(spec: TensorSpec, result: TensorSpec) -> bool:
    """Whether a filling that the type rounds should become a zero: what is left of it is small, and no zero."""
    before, after = (one.facts.padding.value if one.facts.padding is not None else "" for one in (spec, result))
    if isinstance(before, str) or isinstance(after, str):
        return False
    return abs(after) < _LEAST * abs(before) and rounded(before, spec.dtype) != before


def _is_merged(spec: TensorSpec, result: TensorSpec, required: TensorSpec) -> bool:
    """Whether a step may make one number of several, and so the filling of another.

    Ids are whole already, and floats that a consumer takes for such are kept behind a guard.
    """
    if _is_naming(spec.facts):
        return False
    ours, theirs = numbers_held(spec), numbers_held(result)
    if ours is not None and theirs is not None and max(theirs.scale) > min(ours.scale):
        # Steps that are wider have one number for several.
        return True
    before, after = (DTYPES[one.dtype or "variant"] for one in (spec, result))
    if after.kind == before.kind or (before.kind, after.kind) == ("float", "complex"):
        is_narrower = after.digits < before.digits or (after.highest or math.inf) < (before.highest or 0)
        return before.kind in {"float", "complex"} and is_narrower and not _is_naming(required.facts)
    return after.kind == "bool" or before.kind in {"float", "complex"}


def _is_naming(facts: Facts) -> bool:
    return facts.meaning in CATEGORICAL or facts.id_count is not None


def _is_cut(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether the consumer takes or counts rows that end where their filling begins; zeros are nothing to a sparse one.

    Else they are converted with what fills them.
    """
    padding = spec.facts.padding
    is_zero_behind = padding is not None and not padding.value and padding.side == "post"
    return required.kind == "ragged" or required.facts.meaning in _OF_ROWS or not is_zero_behind


def forgets_padding(spec: TensorSpec, result: TensorSpec, required: TensorSpec, *, is_clipping: bool = False) -> bool:
    """Whether a step leaves rows filled by what nobody can tell any more, though the consumer asks where they end.

    `is_clipping` where it makes one number of all beyond a limit, which may be the filling.
    """
    if result.kind != "dense" or spec.facts.padding is None:
        return False
    is_sought = required.kind != "dense" or required.facts.meaning in _OF_ROWS
    is_merged = is_clipping or _is_merged(spec, result, required)
    if is_sought and (VALUE_FACTS.intersection(conflicts(spec, required)) or (is_merged and _is_cut(spec, required))):
        # Converted, a value may be what the filling has become: rows are freed of it before.
        return True
    if is_merged and required.facts.padding is not None and result.facts.padding is not None:
        # Rounded, values are that too: rows that are filled otherwise could not be found any more.
        return not is_same_padding(result, result.facts.padding, required.facts.padding)
    if required.facts.padding is not None and _is_blurred(spec, result):
        return True
    # What is no id of the consumer is lost, and not gone.
    is_beyond = is_filled_beyond_ids(spec.facts, required.facts)
    return result.facts.padding is None and (is_sought or is_beyond or required.facts.padding is not None)
