"""Flowchart: models and the arrows between them, in Mermaid.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sigcheck.reports.parts.pipeline import Pipeline
from sigcheck.schema.plan import VERDICTS, Verdict

# Mermaid draws no more edges than 500 (its `maxEdges`), and people see nothing in as many.
MAX_EDGES = 60

_COLOURS: dict[Verdict, str] = {
    "fits": "#2da44e",
    "adapts": "#2da44e",
    "guarded": "#bf8700",
    "undecided": "#8250df",
    "blocked": "#cf222e",
}
# Whatever else a name holds could end the label, or be read as markup: it becomes a character code.
_UNSAFE = re.compile(r"[^A-Za-z0-9 ._/,:=?*()\[\]+-]")
_MAX_LABEL = 80


@dataclass(frozen=True)
class Edge:
    """An arrow from one model to another, with what stands on it."""

    producer: str
    consumer: str
    label: str
    verdict: Verdict


def edges_of(pipeline: Pipeline) -> list[Edge]:
    """An arrow for each wire, with the names of the tensors at its ends where these are known."""
    edges = []
    for wire in pipeline.wires:
        producer, consumer = pipeline.boxes[wire.producer], pipeline.boxes[wire.consumer]
        ports = (
            ""
            if wire.output is None or wire.input is None
            else f"{producer.outputs[wire.output].name} to {consumer.inputs[wire.input].name}: "
        )
        edges.append(Edge(producer.name, consumer.name, f"{ports}{wire.verdict}", wire.verdict))
    return edges


def draw(edges: Sequence[Edge]) -> tuple[str, int]:
    """The flowchart of the edges, and how many were left out. The worst are drawn first where there are too many."""
    drawn = list(edges)
    if len(drawn) > MAX_EDGES:
        worst = sorted(range(len(drawn)), key=lambda at: (-VERDICTS.index(drawn[at].verdict), at))[:MAX_EDGES]
        drawn = [drawn[at] for at in sorted(worst)]
    names = dict.fromkeys(name for edge in drawn for name in (edge.producer, edge.consumer))
    ids = {name: f"m{at}" for at, name in enumerate(names)}
    lines = [
        "flowchart LR",
        *(f'  {ids[name]}["{_label(name)}"]' for name in names),
        *(f'  {ids[one.producer]} -->|"{_label(one.label)}"| {ids[one.consumer]}' for one in drawn),
        *(f"  linkStyle {at} {_style(one.verdict)}" for at, one in enumerate(drawn)),
    ]
    return "\n".join(lines), len(edges) - len(drawn)


def _style(verdict: Verdict) -> str:
    dashes = ",stroke-dasharray:6" if verdict in {"undecided", "blocked"} else ""
    return f"stroke:{_COLOURS[verdict]}{dashes}"


def _label(text: str) -> str:
    short = text if len(text) <= _MAX_LABEL else f"{text[: _MAX_LABEL - 3]}..."
    return _UNSAFE.sub(_code, short)


def _code(found: re.Match[str]) -> str:
    number = ord(found[0])
    # Half of a surrogate pair and what cannot be seen have no character to show.
    return f"#{number};" if found[0].isprintable() else "?"
