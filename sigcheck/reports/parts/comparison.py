"""Comparison: two specs side by side, axis by axis and fact by fact, each part with how it compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sigcheck.schema.agreement import conflicts, undeclared
from sigcheck.schema.facts import FACT_NAMES
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# `within`: what is provided is one of those that are required. `open`: only the run decides.
# `unknown`: one side does not say it.
Relation = Literal["same", "within", "differs", "open", "unknown"]

# Beyond this rank axes are compared as they stand: aligning takes the product of both ranks.
_MOST_ALIGNED = 32


@dataclass(frozen=True)
class Row:
    """One part of both specs; empty where a side does not have it."""

    part: str
    provided: str
    required: str
    relation: Relation


def compare(provided: TensorSpec, required: TensorSpec) -> tuple[Row, ...]:
    """The rows: kind where it matters, dtype, rank where it differs, each axis, each known fact."""
    return (*_types(provided, required), *_axes(provided, required), *_facts(provided, required))


def _types(provided: TensorSpec, required: TensorSpec) -> Iterator[Row]:
    if {provided.kind, required.kind} != {"dense"}:
        yield _row("kind", provided.kind, required.kind)
    if provided.dtype is None or required.dtype is None:
        yield Row("dtype", provided.dtype or "unknown", required.dtype or "unknown", "unknown")
    else:
        yield _row("dtype", provided.dtype, required.dtype)
    # A tensor of another kind has neither, which its kind says.
    is_ragged = provided.kind == required.kind == "ragged"
    for name in ("ragged_rank", "row_splits_dtype") if is_ragged else ():
        ours, theirs = getattr(provided, name), getattr(required, name)
        if ours != theirs:
            yield _row(name.replace("_", " "), _text(ours), _text(theirs))
    if provided.rank != required.rank or provided.rank is None:
        relation: Relation = "differs"
        if required.rank is None:
            relation = "same" if provided.rank is None else "within"
        elif provided.rank is None:
            relation = "open"
        yield Row("rank", _text(provided.rank), _text(required.rank), relation)


def _row(part: str, provided: str, required: str) -> Row:
    return Row(part, provided, required, "same" if provided == required else "differs")


def _axes(provided: TensorSpec, required: TensorSpec) -> Iterator[Row]:
    ours, theirs = provided.shape or (), required.shape or ()
    for at, other in _aligned(ours, theirs):
        part = (
            f"axis {other if at is None else at}"
            if at is None or other is None or at == other
            else f"axis {at} → {other}"
        )
        yield Row(
            part,
            "" if at is None else _axis(provided, at),
            "" if other is None else _axis(required, other),
            "differs" if at is None or other is None else _relation(ours[at], theirs[other]),
        )


def _axis(spec: TensorSpec, at: int) -> str:
    size = spec.shape[at] if spec.shape is not None else None
    names = spec.facts.axes
    name = names[at] if names is not None and at < len(names) else None
    text = str(size) if size is not None else "None" if 0 < at <= (spec.ragged_rank or 0) else "?"
    return f"{text} {name}" if name else text


def _relation(ours: int | None, theirs: int | None) -> Relation:
    if ours == theirs:
        return "same"
    if theirs is None:
        return "within"
    return "open" if ours is None else "differs"


def _aligned(ours: Shape, theirs: Shape) -> list[tuple[int | None, int | None]]:
    """Pairs of axes; None beside an axis that the other side lacks. As many equal sizes as can be face each other."""
    if len(ours) == len(theirs) or max(len(ours), len(theirs)) > _MOST_ALIGNED:
        length = max(len(ours), len(theirs))
        return [(at if at < len(ours) else None, at if at < len(theirs) else None) for at in range(length)]
    # best[i][j] is the most agreement of what follows axis i of ours and j of theirs.
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for at in reversed(range(len(ours))):
        for other in reversed(range(len(theirs))):
            paired = best[at + 1][other + 1] + _agreement(ours[at], theirs[other])
            best[at][other] = max(paired, best[at + 1][other], best[at][other + 1])
    pairs: list[tuple[int | None, int | None]] = []
    at = other = 0
    while at < len(ours) and other < len(theirs):
        if best[at][other] == best[at + 1][other + 1] + _agreement(ours[at], theirs[other]):
            pairs.append((at, other))
            at, other = at + 1, other + 1
        elif best[at][other] == best[at + 1][other]:
            pairs.append((at, None))
            at += 1
        else:
            pairs.append((None, other))
            other += 1
    return [
        *pairs,
        *((rest, None) for rest in range(at, len(ours))),
        *((None, rest) for rest in range(other, len(theirs))),
    ]


def _agreement(ours: int | None, theirs: int | None) -> float:
    # An axis that may agree faces rather nothing than none; one that cannot faces nothing.
    return {"same": 1.0, "within": 0.5, "open": 0.5}.get(_relation(ours, theirs), 0.0)


def _facts(provided: TensorSpec, required: TensorSpec) -> Iterator[Row]:
    apart, unknown = conflicts(provided, required), undeclared(provided, required)
    for name in FACT_NAMES:
        ours, theirs = getattr(provided.facts, name), getattr(required.facts, name)
        if name == "axes" or (ours is None and theirs is None):
            continue
        relation: Relation = "same" if ours == theirs else "within"
        if name in apart:
            relation = "differs"
        elif name in unknown or ours is None or theirs is None:
            relation = "unknown"
        yield Row(name.replace("_", " "), _text(ours), _text(theirs), relation)


def _text(value: Any) -> str:
    """The value as people read it: numbers short, fields by name."""
    if value is None:
        return "unknown"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    fields = getattr(type(value), "model_fields", None)
    if fields is not None:
        return ", ".join(
            f"{name.replace('_', ' ')} {_text(getattr(value, name))}"
            for name in fields
            if getattr(value, name) is not None
        )
    return str(value)
