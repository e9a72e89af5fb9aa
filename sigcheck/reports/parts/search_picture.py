"""Search picture: the graph of specs and transforms that was searched for one input.

The chosen path is bold, tied ones are dashed, and each line says what its step loses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sigcheck.reports.parts.canvas import drawing, escaped, label, number, path, rectangle, shortened, text_width
from sigcheck.reports.parts.digest import counted
from sigcheck.reports.parts.layout import Edge, Gaps, Layout, Node, lay_out

if TYPE_CHECKING:
    from sigcheck.reports.parts.page_view import Edges
    from sigcheck.schema.plan import Plan, Step
    from sigcheck.schema.report import Binding

# In a larger picture nobody finds the path. The paths that are told are always drawn.
MOST_NODES = 24
# What is not drawn is listed as far as somebody may read it.
MOST_LISTED = 200
_MOST_SPEC, _MOST_ARGUMENTS = 34, 26
_HEIGHT, _PAD, _MARGIN = 30.0, 10.0, 14.0
# Of a line of the label of a step, whose letters are of 11 px where those of a box are of 12.
_LINE, _SMALLER = 13.0, 11 / 12
# Graphviz leads a straight line right below its label: so far brackets and commas hang down, and a bold line up.
_CLEAR = 6.0
_GAPS = Gaps(across=24, down=12)


@dataclass(frozen=True)
class _Hop:
    """One edge of the graph; `kinds` say how it is drawn."""

    source: int
    target: int
    step: Step
    kinds: str


@dataclass(frozen=True)
class SearchPicture:
    """The drawing, and of what is not drawn the step that reached each spec first: `resize(...) gives float32[...]`.

    `more` are neither drawn nor listed.
    """

    drawing: str
    listed: tuple[tuple[str, str, str], ...]
    more: int


def draw_search(edges: Edges, binding: Binding) -> SearchPicture:
    """The picture, and what is left out of it. Raises UsageError where Graphviz is not installed."""
    nodes_before = _before(edges)
    chosen = _paths(edges, [binding.plan] if binding.plan is not None else [])
    tied = _paths(edges, binding.candidates)
    others = _paths(edges, [*binding.alternatives, *([binding.nearest] if binding.nearest is not None else [])])
    drawn = _drawn(nodes_before, [*chosen, *tied, *others])
    at = {node: index for index, node in enumerate(drawn)}
    hops = [
        _Hop(at[one], at[other], step, _kinds(step, is_chosen=(one, other) in chosen, is_tied=(one, other) in tied))
        for one in drawn
        for other, step in edges.get(one, {}).items()
        if other in at
    ]
    specs = [str(node.spec) for node in drawn]
    nodes = [Node(text_width(shortened(spec, _MOST_SPEC)) + 2 * _PAD, (_HEIGHT,)) for spec in specs]
    lines = [Edge(hop.source, 0, hop.target, 0, _label_size(hop)) for hop in hops]
    layout = lay_out(nodes, lines, _GAPS, row_width=None)
    on_path = {at[node] for pair in chosen for node in pair if node in at}
    ends = {at[pair[1]] for pair in chosen[-1:]}
    parts = [f'<g transform="translate({number(_MARGIN)} {number(_MARGIN)})">', *_lines(hops, layout)]
    for index, (spec, node, corner) in enumerate(zip(specs, nodes, layout.corners, strict=True)):
        kinds = "node" + (" chosen" if index in on_path else "") + (" goal" if index in ends else "")
        parts += [
            f'<g class="{kinds}"><title>{escaped(spec)}</title>',
            rectangle(corner, node.width, node.height, "box", 15),
            label((corner[0] + node.width / 2, corner[1] + 19), shortened(spec, _MOST_SPEC), "spec", "middle"),
            "</g>",
        ]
    parts.append("</g>")
    title = f"Search for {binding.required}: {counted(len(drawn), 'spec')} and {counted(len(hops), 'step')}"
    picture = drawing(parts, layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN, title)
    rest = [node for node in nodes_before if node not in at]
    listed = tuple(_reached(edges, nodes_before[node], node) for node in rest[:MOST_LISTED])
    return SearchPicture(picture, listed, len(rest) - len(listed))


def _before(edges: Edges) -> dict[Any, list[Any]]:
    """Each node, in the order of discovery, which is that of their cost, with those that lead to it."""
    found: dict[Any, list[Any]] = {}
    for node, steps in edges.items():
        found.setdefault(node, [])
        for reached in steps:
            found.setdefault(reached, []).append(node)
    return found


def _reached(edges: Edges, before: list[Any], node: Any) -> tuple[str, str, str]:
    """The spec, the step that came to it first, and the spec that it came from."""
    if not before:
        return str(node.spec), "", ""
    return str(node.spec), str(edges[before[0]][node]), str(before[0].spec)


def _paths(edges: Edges, plans: Iterable[Plan]) -> list[tuple[Any, Any]]:
    """The edges that the plans take, as far as they were searched: what came nearest may lead beyond it."""
    found: dict[tuple[Any, Any], None] = {}
    source = next(iter(edges), None)
    for plan in plans:
        node = source
        for step in plan.steps:
            told = str(step)
            following = next((other for other, one in edges.get(node, {}).items() if str(one) == told), None)
            if following is None:
                break
            found[node, following] = None
            node = following
    return list(found)


def _drawn(nodes_before: dict[Any, list[Any]], paths: Iterable[tuple[Any, Any]]) -> list[Any]:
    """The nodes that are drawn, in the order of their discovery."""
    kept = dict.fromkeys(node for pair in paths for node in pair)
    for node, before in nodes_before.items():
        if len(kept) >= MOST_NODES:
            break
        if not before or any(one in kept for one in before):
            kept[node] = None
    return [node for node in nodes_before if node in kept]


def _kinds(step: Step, *, is_chosen: bool, is_tied: bool) -> str:
    kinds = ["hop"]
    if step.loss in {"truncating", "irreversible"}:
        kinds.append("costly")
    elif step.loss == "rounding" or step.assumption or step.guard:
        kinds.append("lossy")
    return " ".join([*kinds, *(["chosen"] if is_chosen else []), *(["tied"] if is_tied else [])])


def _lines(hops: list[_Hop], layout: Layout) -> Iterator[str]:
    for line in layout.lines:
        hop = hops[line.edge]
        drawn = path(line.points)
        yield (
            f'<g class="{hop.kinds}"><title>{escaped(tell_step(hop.step))}</title>'
            f'<path d="{drawn}" class="reach"/><path d="{drawn}" class="line"/>'
        )
        if line.label is not None:
            (x, y), told = line.label, _label_lines(hop)
            for at, text in enumerate(told):
                line_y = y + 4 + _LINE * (at - (len(told) - 1) / 2) - _CLEAR / 2
                yield label((x, line_y), text, "step", "middle")
        yield "</g>"


def _label_lines(hop: _Hop) -> list[str]:
    """The transform, and below it the arguments: `cast`, `dtype=float32`."""
    name, _, arguments = str(hop.step).partition("(")
    return [name, *([shortened(arguments.removesuffix(")"), _MOST_ARGUMENTS)] if arguments not in {"", ")"} else [])]


def _label_size(hop: _Hop) -> tuple[float, float]:
    told = _label_lines(hop)
    return max(map(text_width, told)) * _SMALLER + 4, _LINE * len(told) + 2 + _CLEAR


def tell_step(step: Step) -> str:
    """The step with what it loses, assumes and asserts, in one line."""
    parts = [f"{step}: {step.loss}"]
    if step.assumption:
        parts.append(f"assumes {step.assumption}")
    if step.guard:
        parts.append(f"asserts at run time: {step.guard}")
    return "; ".join(parts)
