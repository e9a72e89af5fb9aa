"""House picture: the floors of the package and what each room stands on, drawn from the imports.

`python docs/_ext/house_picture.py` writes it into docs/design.md; a test says when that is due.
"""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx

from sigcheck.encodings.written_data import parse_toml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "design.md"
PACKAGE = "sigcheck"

_BEGIN, _END = "<!-- house: drawn from the imports -->\n", "<!-- end of house -->"
_WIDTH = 80
_NAME = 18


def floors() -> list[list[str]]:
    """The rooms of each floor, the highest first, as the contract of the imports names them."""
    settings = parse_toml((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [one["layers"] for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    return [[room.strip().removeprefix(f"{PACKAGE}.") for room in re.split("[|:]", layer)] for layer in layers]


def supports() -> nx.DiGraph[str]:
    """From each room to those that it stands on: what it imports, but for what it reaches by way of another."""
    import grimp

    imports = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True)
    uses: nx.DiGraph[str] = nx.DiGraph()
    uses.add_nodes_from(room for floor in floors() for room in floor)
    for module in imports.modules - {PACKAGE}:
        for other in imports.find_modules_directly_imported_by(module) - {PACKAGE}:
            room, ground = module.split(".")[1], other.split(".")[1]
            if room != ground:
                uses.add_edge(room, ground)
    return nx.transitive_reduction(uses)


def draw() -> str:
    """The picture: a box for each floor, a line for each room."""
    graph = supports()
    # A room stands above those of its own floor that it uses.
    height = {room: len(nx.descendants(graph, room)) for room in graph}
    rows = floors()
    lines = []
    for at, floor in enumerate(rows):
        lines.append(f"+-- floor {len(rows) - at} ".ljust(_WIDTH - 1, "-") + "+")
        for room in sorted(floor, key=lambda one: (-height[one], one)):
            grounds = ", ".join(sorted(graph.successors(room))) or "the ground"
            lines.append(f"| {room:<{_NAME}}on {grounds}".ljust(_WIDTH - 1) + "|")
    return "\n".join([*lines, "+".ljust(_WIDTH - 1, "-") + "+"])


def filled(page: str) -> str:
    """The page with the picture as it is now between its marks."""
    before, _, rest = page.partition(_BEGIN)
    _, mark, after = rest.partition(_END)
    if not mark:
        raise ValueError(f"{PAGE} has no place for the picture")
    return f"{before}{_BEGIN}```text\n{draw()}\n```\n{mark}{after}"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
