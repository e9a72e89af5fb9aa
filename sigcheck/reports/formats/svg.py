"""SVG: the pipeline as a picture alone: models as boxes, tensors as ports, links coloured by verdict."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sigcheck.reports.parts.canvas import drawing, escaped, label, number, path, rectangle, shortened, text_width
from sigcheck.reports.parts.digest import counted
from sigcheck.reports.parts.layout import Edge, Gaps, Layout, Line, Node, lay_out
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.pipeline import (
    Box,
    Pipeline,
    Port,
    Wire,
    pipeline_of,
)
from sigcheck.schema.plan import VERDICTS

if TYPE_CHECKING:
    from sigcheck.reports.parts.digest import Result

NAME = "svg"
HAS_FINDINGS = False
KNOWN_BY = re.compile(r'\A<svg [^>]* aria-label="Pipeline of ')

# All in pixels.
_HEAD, _ROW, _PAD, _MARGIN, _PILL = 30.0, 20.0, 10.0, 14.0, 18.0
_GAPS = Gaps(across=40, down=22)
# Longer names are cut; the whole one shows when the mouse rests on it.
_MOST_NAME, _MOST_PORT, _MOST_TAG = 44, 40, 20
# Of more wires than these no verdict could be read beside its wire.
_MOST_LABELLED = 60
# Of more nobody sees anything, and laying them out takes seconds.
MOST_WIRES, MOST_BOXES = 500, 900


def render(result: Result, page: Page = DEFAULT_PAGE) -> str:
    """The models that a result speaks of, and their links. Raises UsageError where Graphviz is not installed."""
    drawn, left_out = draw(pipeline_of(result), is_standalone=True)
    return f"{drawn}\n<!-- {left_out} more not drawn -->" if left_out else drawn


render_check = render_chain = render_lint = render_diff = render


def draw(pipeline: Pipeline, *, is_standalone: bool = False) -> tuple[str, int]:
    """The picture of a pipeline, and how many connections were left out: the worst are drawn."""
    pipeline, left_out = pipeline.worst(MOST_WIRES, MOST_BOXES)
    has_labels = len(pipeline.wires) <= _MOST_LABELLED
    nodes = [Node(_width(box), _rows(box)) for box in pipeline.boxes]
    edges = [_edge(pipeline, wire, has_label=has_labels) for wire in pipeline.wires]
    layout = lay_out(nodes, edges, _GAPS)
    parts = [f'<g transform="translate({number(_MARGIN)} {number(_MARGIN)})">']
    parts += _wires(pipeline, layout)
    for box, corner, node in zip(pipeline.boxes, layout.corners, nodes, strict=True):
        parts += _box(box, corner[0], corner[1], node)
    parts.append("</g>")
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    # A row begins in the middle of the room between it and the one above.
    rows = [0.0, *(top + _MARGIN - _GAPS.down / 2 for top in layout.rows[1:])]
    return drawing(parts, width, height, title(pipeline), is_standalone=is_standalone, rows=rows), left_out


def _edge(pipeline: Pipeline, wire: Wire, *, has_label: bool) -> Edge:
    producer, consumer = pipeline.boxes[wire.producer], pipeline.boxes[wire.consumer]
    return Edge(
        wire.producer,
        0 if wire.output is None else wire.output + 1,
        wire.consumer,
        0 if wire.input is None else wire.input + 1,
        (text_width(wire.verdict) + 12, _PILL + 4) if has_label else None,
        (text_width(_tag_text("target", consumer)) + 8, text_width(_tag_text("source", producer)) + 8),
    )


def title(pipeline: Pipeline) -> str:
    """What the picture shows, in words."""
    counts = Counter(wire.verdict for wire in pipeline.wires)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    models, wires = counted(len(pipeline.boxes), "model"), counted(len(pipeline.wires), "connection")
    return f"Pipeline of {models} and {wires}{f': {told}' if told else ''}"


def _rows(box: Box) -> tuple[float, ...]:
    """The heights of the name and of each tensor, with some room below."""
    count = max(len(box.inputs) + bool(box.more_inputs), len(box.outputs) + bool(box.more_outputs))
    return (_HEAD, *([_ROW] * count), *([_PAD / 2] if count else []))


def _width(box: Box) -> float:
    def widest(ports: tuple[Port, ...], more: int) -> float:
        texts = [shortened(_port_text(port), _MOST_PORT) for port in ports] + ([_more(more)] if more else [])
        return max(map(text_width, texts), default=0)

    inputs, outputs = widest(box.inputs, box.more_inputs), widest(box.outputs, box.more_outputs)
    gap = 2 * _PAD if inputs and outputs else 0
    return max(text_width(shortened(box.name, _MOST_NAME)), inputs + outputs + gap) + 2 * _PAD + 4


def _port_y(port: int) -> float:
    return _HEAD + _ROW * (port + 0.5)


def _port_text(port: Port) -> str:
    return f"{port.name} {port.spec}"


def _more(count: int) -> str:
    return f"{count} more"


def _tag_text(end: str, box: Box) -> str:
    name = shortened(box.name, _MOST_TAG)
    return f"{name} »" if end == "target" else f"» {name}"


def _wires(pipeline: Pipeline, layout: Layout) -> Iterator[str]:
    for line in layout.lines:
        wire = pipeline.wires[line.edge]
        drawn = path(line.points)
        yield (
            f'<g class="wire v-{wire.verdict}" data-link="{wire.link}"><title>{escaped(_story(pipeline, wire))}</title>'
            f'<path d="{drawn}" class="reach"/><path d="{drawn}" class="line"/>'
        )
        if line.label is not None:
            x, y = line.label
            width = text_width(wire.verdict) + 12
            yield rectangle((x - width / 2, y - _PILL / 2), width, _PILL, "pill", 10)
            yield label((x, y + 4), wire.verdict, "pill-text", "middle")
        yield from _tag(pipeline, wire, line)
        yield "</g>"


def _tag(pipeline: Pipeline, wire: Wire, line: Line) -> Iterator[str]:
    """What names the model at the other end, which stands in another row."""
    if line.tag is None:
        return
    other = pipeline.boxes[wire.consumer if line.tag.stands_for == "target" else wire.producer]
    (x, y), (width, height) = line.tag.corner, line.tag.size
    yield rectangle((x, y), width, height, "tag", 3)
    yield label((x + width / 2, y + height / 2 + 4), _tag_text(line.tag.stands_for, other), "tag-text", "middle")


def _story(pipeline: Pipeline, wire: Wire) -> str:
    producer, consumer = pipeline.boxes[wire.producer], pipeline.boxes[wire.consumer]
    output = "" if wire.output is None else f" {producer.outputs[wire.output].name}"
    taken = "" if wire.input is None else f" {consumer.inputs[wire.input].name}"
    return f"{producer.name}{output} to {consumer.name}{taken}: {wire.story}"


def _box(box: Box, x: float, y: float, node: Node) -> Iterator[str]:
    name = escaped(f"{box.name}: {box.problem}" if box.problem else box.name)
    yield f'<g class="{"model broken" if box.problem else "model"}"><title>{name}</title>'
    yield rectangle((x, y), node.width, node.height, "box")
    yield label((x + node.width / 2, y + 20), shortened(box.name, _MOST_NAME), "name", "middle")
    yield "</g>"
    if len(node.rows) > 1:
        yield f'<path d="M{number(x)} {number(y + _HEAD)}h{number(node.width)}" class="rule"/>'
    sides = ((box.inputs, box.more_inputs, x, _PAD, ""), (box.outputs, box.more_outputs, x + node.width, -_PAD, "end"))
    for ports, more, edge, inset, anchor in sides:
        for at, port in enumerate(ports):
            yield from _port(port, edge, y + _port_y(at), inset, anchor)
        if more:
            yield label((edge + inset, y + _port_y(len(ports)) + 4), _more(more), "spec", anchor)


def _port(port: Port, x: float, y: float, inset: float, anchor: str) -> Iterator[str]:
    whole = f"{port.name}: {port.spec}{', not fed' if port.is_unmet else ''}"
    short = shortened(_port_text(port), _MOST_PORT)
    name, _, spec = short.partition(" ") if short.startswith(f"{port.name} ") else (short, "", "")
    place = f'x="{number(x + inset)}" y="{number(y + 4)}"' + (f' text-anchor="{anchor}"' if anchor else "")
    yield f'<g class="port{" unmet" if port.is_unmet else ""}"><title>{escaped(whole)}</title>'
    yield f'<circle cx="{number(x)}" cy="{number(y)}" r="3.5"/><text {place}>{escaped(name)}'
    if spec:
        yield f' <tspan class="spec">{escaped(spec)}</tspan>'
    yield "</text></g>"
