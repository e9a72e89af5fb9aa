"""Search picture: the graph of specs and transforms that was searched for one input.

The chosen path is bold, tied ones are dashed, and each line says what its step loses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sigcheck.reports.parts.canvas import curve, drawing, escaped, label, number, rectangle, shortened, text_width
from sigcheck.reports.parts.digest import counted
from sigcheck.reports.parts.layout import Edge, Gaps, Layout, Node, Route, lay_out

if TYPE_CHECKING:
    import networkx as nx

    from sigcheck.schema.plan import Plan, Step
    from sigcheck.schema.report import Binding

# In a larger picture nobody finds the path. The paths that are told are always drawn.
MOST_NODES = 24
_MOST_LABEL = 34
_HEIGHT, _PAD, _MARGIN = 30.0, 10.0, 14.0


@dataclass(frozen=True)
class _Hop:
    """One edge of the graph; `kinds` say how it is drawn."""

    source: int
    target: int
    step: Step
    kinds: str


def draw_search(graph: nx.DiGraph[Any], binding: Binding) -> tuple[str, int]:
    """The picture, and how many specs were left out of it."""
    chosen = _edges_of(graph, [binding.plan] if binding.plan is not None else [])
    tied = _edges_of(graph, binding.candidates)
    others = _edges_of(graph, [*binding.alternatives, *([binding.nearest] if binding.nearest is not None else [])])
    drawn = _drawn(graph, [*chosen, *tied, *others])
    at = {node: index for index, node in enumerate(drawn)}
    hops = [
        _Hop(at[one], at[other], step, _kinds(step, is_chosen=(one, other) in chosen, is_tied=(one, other) in tied))
        for one in drawn
        for other, step in ((other, graph.edges[one, other]["step"]) for other in graph.successors(one))
        if other in at
    ]
    specs = [str(node.spec) for node in drawn]
    nodes = [Node(text_width(shortened(spec, _MOST_LABEL)) + 2 * _PAD, _HEIGHT) for spec in specs]
    room = max((text_width(_hop_text(hop)) for hop in hops), default=0) + 40
    edges = [Edge(hop.source, hop.target, _HEIGHT / 2, _HEIGHT / 2) for hop in hops]
    layout = lay_out(nodes, edges, Gaps(across=room, down=16))
    on_path = {at[node] for pair in chosen for node in pair if node in at}
    ends = {at[pair[1]] for pair in chosen[-1:]}
    parts = [f'<g transform="translate({number(_MARGIN)} {number(_MARGIN)})">', *_lines(hops, layout)]
    for index, (spec, node, corner) in enumerate(zip(specs, nodes, layout.corners, strict=True)):
        kinds = "node" + (" chosen" if index in on_path else "") + (" goal" if index in ends else "")
        parts += [
            f'<g class="{kinds}"><title>{escaped(spec)}</title>',
            rectangle(corner, node.width, node.height, "box", 15),
            label((corner[0] + node.width / 2, corner[1] + 19), shortened(spec, _MOST_LABEL), "spec", "middle"),
            "</g>",
        ]
    parts.append("</g>")
    title = f"Search for {binding.required}: {counted(len(drawn), 'spec')} and {counted(len(hops), 'step')}"
    return drawing(parts, layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN, title), len(graph) - len(drawn)


def _edges_of(graph: nx.DiGraph[Any], plans: Iterable[Plan]) -> list[tuple[Any, Any]]:
    """The edges that the plans take, as far as the graph has them: what came nearest may lead beyond it."""
    found: dict[tuple[Any, Any], None] = {}
    source = next(iter(graph), None)
    for plan in plans:
        node = source
        for step in plan.steps:
            told = str(step)
            following = next(
                (other for other in graph.successors(node) if str(graph.edges[node, other]["step"]) == told), None
            )
            if following is None:
                break
            found[node, following] = None
            node = following
    return list(found)


def _drawn(graph: nx.DiGraph[Any], paths: Iterable[tuple[Any, Any]]) -> list[Any]:
    """The nodes that are drawn, in the order of their discovery, which is that of their cost."""
    kept = dict.fromkeys(node for pair in paths for node in pair)
    for node in graph:
        if len(kept) >= MOST_NODES:
            break
        before = list(graph.predecessors(node))
        if not before or any(one in kept for one in before):
            kept[node] = None
    return [node for node in graph if node in kept]


def _kinds(step: Step, *, is_chosen: bool, is_tied: bool) -> str:
    kinds = ["hop"]
    if step.loss in {"truncating", "irreversible"}:
        kinds.append("costly")
    elif step.loss == "rounding" or step.assumption or step.guard:
        kinds.append("lossy")
    return " ".join([*kinds, *(["chosen"] if is_chosen else []), *(["tied"] if is_tied else [])])


def _lines(hops: list[_Hop], layout: Layout) -> Iterator[str]:
    into, out_of = Counter(hop.target for hop in hops), Counter(hop.source for hop in hops)
    for hop, route in zip(hops, layout.routes, strict=True):
        yield (
            f'<g class="{hop.kinds}"><title>{escaped(tell_step(hop.step))}</title>'
            f'<path d="{curve(route)}" class="reach"/><path d="{curve(route)}" class="line"/>'
        )
        yield _hop_label(hop, route, is_alone_in=into[hop.target] == 1, is_alone_out=out_of[hop.source] == 1)
        yield "</g>"


def _hop_label(hop: _Hop, route: Route, *, is_alone_in: bool, is_alone_out: bool) -> str:
    """The step above its line: beside the spec where no other line ends, else on the way."""
    text = _hop_text(hop)
    if is_alone_in:
        x, y = route.points[-1]
        return label((x - 12, y - 6), text, "step", "end")
    if is_alone_out:
        x, y = route.points[0]
        return label((x + 12, y - 6), text, "step")
    if len(route.points) > 2:  # noqa: PLR2004  # more than its ends: the first lane that it passes is level
        (x, y), (next_x, next_y) = route.points[1:3]
        return label(((x + next_x) / 2, y - 6), text, "step", "middle")
    (x, y), (next_x, next_y) = route.points
    # Three quarters of the way along the curve, where lines of other sources have not come near yet.
    return label((x + 0.703 * (next_x - x), y + 0.844 * (next_y - y) - 6), text, "step", "middle")


def _hop_text(hop: _Hop) -> str:
    return shortened(str(hop.step), _MOST_LABEL)


def tell_step(step: Step) -> str:
    """The step with what it loses, assumes and asserts, in one line."""
    parts = [f"{step}: {step.loss}"]
    if step.assumption:
        parts.append(f"assumes {step.assumption}")
    if step.guard:
        parts.append(f"asserts at run time: {step.guard}")
    return "; ".join(parts)
