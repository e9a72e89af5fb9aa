"""SVG: the pipeline as a picture alone: models as boxes, tensors as ports, links coloured by verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sigcheck.reports.parts.canvas import curve, drawing, escaped, label, number, rectangle, shortened, text_width
from sigcheck.reports.parts.digest import counted
from sigcheck.reports.parts.layout import Edge, Gaps, Layout, Node, lay_out
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

# All in pixels.
_HEAD, _ROW, _PAD, _MARGIN = 30.0, 20.0, 10.0, 14.0
_GAPS = Gaps(across=120, down=26)
# Longer names are cut; the whole one shows when the mouse rests on it.
_MOST_NAME, _MOST_PORT = 44, 40
# Of more wires than these no verdict could be read beside its wire.
_MOST_LABELLED = 24


def render(result: Result, page: Page = DEFAULT_PAGE) -> str:
    """The models that a result speaks of, and their links."""
    return draw(pipeline_of(result), is_standalone=True)


render_check = render_chain = render_lint = render_diff = render


def draw(pipeline: Pipeline, *, is_standalone: bool = False) -> str:
    """The picture of a pipeline."""
    nodes = [Node(_width(box), _height(box)) for box in pipeline.boxes]
    edges = [
        Edge(
            wire.producer,
            wire.consumer,
            _port_y(wire.output),
            _port_y(wire.input),
        )
        for wire in pipeline.wires
    ]
    layout = lay_out(nodes, edges, _GAPS)
    parts = [f'<g transform="translate({number(_MARGIN)} {number(_MARGIN)})">']
    parts += _wires(pipeline, layout)
    for box, corner, node in zip(pipeline.boxes, layout.corners, nodes, strict=True):
        parts += _box(box, corner[0], corner[1], node)
    parts.append("</g>")
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    return drawing(parts, width, height, title(pipeline), is_standalone=is_standalone)


def title(pipeline: Pipeline) -> str:
    """What the picture shows, in words."""
    counts = Counter(wire.verdict for wire in pipeline.wires)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    models, wires = counted(len(pipeline.boxes), "model"), counted(len(pipeline.wires), "connection")
    return f"Pipeline of {models} and {wires}{f': {told}' if told else ''}"


def _rows(box: Box) -> int:
    inputs = len(box.inputs) + bool(box.more_inputs)
    return max(inputs, len(box.outputs) + bool(box.more_outputs))


def _height(box: Box) -> float:
    return _HEAD + _ROW * _rows(box) + (_PAD / 2 if _rows(box) else 0)


def _width(box: Box) -> float:
    def widest(ports: tuple[Port, ...], more: int) -> float:
        texts = [shortened(_port_text(port), _MOST_PORT) for port in ports] + ([_more(more)] if more else [])
        return max(map(text_width, texts), default=0)

    inputs, outputs = widest(box.inputs, box.more_inputs), widest(box.outputs, box.more_outputs)
    gap = 2 * _PAD if inputs and outputs else 0
    return max(text_width(shortened(box.name, _MOST_NAME)), inputs + outputs + gap) + 2 * _PAD + 4


def _port_y(port: int | None) -> float:
    """Where a wire ends: at its port, or at the name of the model."""
    return _HEAD / 2 if port is None else _HEAD + _ROW * (port + 0.5)


def _port_text(port: Port) -> str:
    return f"{port.name} {port.spec}"


def _more(count: int) -> str:
    return f"{count} more"


def _wires(pipeline: Pipeline, layout: Layout) -> Iterator[str]:
    has_labels = len(pipeline.wires) <= _MOST_LABELLED
    for wire, route in zip(pipeline.wires, layout.routes, strict=True):
        yield (
            f'<g class="wire v-{wire.verdict}" data-link="{wire.link}"><title>{escaped(_story(pipeline, wire))}</title>'
            f'<path d="{curve(route)}" class="reach"/><path d="{curve(route)}" class="line"/>'
        )
        if has_labels:
            (x, y), (next_x, next_y) = route.points[:2]
            if len(route.points) > 2:  # noqa: PLR2004  # more than its ends: it passes lanes
                (x, y), (next_x, next_y) = route.points[-2:]
            if route.is_back:
                (x, y), (next_x, next_y) = route.points[1:3]
            middle = ((x + next_x) / 2, (y + next_y) / 2)
            width = text_width(wire.verdict) + 12
            yield rectangle((middle[0] - width / 2, middle[1] - 10), width, 20, "pill", 10)
            yield label((middle[0], middle[1] + 4), wire.verdict, "pill-text", "middle")
        yield "</g>"


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
    if _rows(box):
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
