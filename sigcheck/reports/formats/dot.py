"""DOT: the pipeline for Graphviz, models as tables with their tensors as ports.

https://graphviz.org/doc/info/shapes.html#html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sigcheck.reports.parts.canvas import escaped
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable
from sigcheck.reports.parts.pipeline import (
    Box,
    Pipeline,
    Port,
    Wire,
    pipeline_of,
)
from sigcheck.schema.plan import Verdict

if TYPE_CHECKING:
    from sigcheck.reports.parts.digest import Result

NAME = "dot"
HAS_FINDINGS = False
KNOWN_BY = re.compile(r"\Adigraph pipeline \{\n  rankdir=LR;\n  node \[shape=plain, ")

_STYLES: dict[Verdict, str] = {
    "fits": 'color="#166b31"',
    "adapts": 'color="#0757ba"',
    "guarded": 'color="#855000", style=dashed',
    "undecided": 'color="#6b36c2", style=dashed',
    "blocked": 'color="#b3131f", style=dotted',
}


def render(result: Result, page: Page = DEFAULT_PAGE) -> str:
    """The models that a result speaks of, and their links."""
    return draw(pipeline_of(result))


render_check = render_chain = render_lint = render_diff = render


def draw(pipeline: Pipeline) -> str:
    """The graph in the language of Graphviz."""
    return "\n".join(
        [
            "digraph pipeline {",
            "  rankdir=LR;",
            '  node [shape=plain, fontname="monospace"];',
            '  edge [fontname="monospace", fontsize=10];',
            *(f"  m{at} [label=<{_table(box)}>];" for at, box in enumerate(pipeline.boxes)),
            *(_edge(wire) for wire in pipeline.wires),
            "}",
        ]
    )


def _table(box: Box) -> str:
    rows = [f'<TR><TD COLSPAN="2" PORT="name"><B>{_text(box.name)}</B></TD></TR>']
    if box.problem:
        rows.append(f'<TR><TD COLSPAN="2">{_text(box.problem)}</TD></TR>')
    inputs = list(_cells(box.inputs, box.more_inputs, "i", "LEFT"))
    outputs = list(_cells(box.outputs, box.more_outputs, "o", "RIGHT"))
    for at in range(max(len(inputs), len(outputs))):
        cells = (side[at] if at < len(side) else "<TD></TD>" for side in (inputs, outputs))
        rows.append(f"<TR>{''.join(cells)}</TR>")
    return f'<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">{"".join(rows)}</TABLE>'


def _cells(ports: tuple[Port, ...], more: int, prefix: str, align: str) -> Iterator[str]:
    for at, port in enumerate(ports):
        note = " (not fed)" if port.is_unmet else ""
        yield f'<TD PORT="{prefix}{at}" ALIGN="{align}">{_text(f"{port.name}: {port.spec}{note}")}</TD>'
    if more:
        yield f'<TD ALIGN="{align}">{more} more</TD>'


def _edge(wire: Wire) -> str:
    output = "name" if wire.output is None else f"o{wire.output}"
    taken = "name" if wire.input is None else f"i{wire.input}"
    label = f'label="{wire.verdict}", tooltip="{_quoted(wire.story)}"'
    return f"  m{wire.producer}:{output}:e -> m{wire.consumer}:{taken}:w [{label}, {_STYLES[wire.verdict]}];"


def _text(text: str) -> str:
    """The text in a label; Graphviz takes no empty element."""
    return escaped(text) or " "


def _quoted(text: str) -> str:
    # In a quoted string a backslash is an escape of Graphviz's own, and character codes are read as in HTML.
    return escaped(printable(text)).replace("\\", "\\\\")
