"""The picture of the house in docs/design.md is that of the imports as they are."""

from __future__ import annotations

import re

import networkx as nx
from house_picture import PACKAGE, PAGE, ROOT, filled, floors, supports


def test_the_picture_is_current():
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page) == page, "draw it again: python docs/_ext/house_picture.py"


def test_every_room_has_a_floor_and_none_is_loose():
    found = {path.name for path in (ROOT / PACKAGE).iterdir() if path.is_dir() and list(path.glob("*.py"))}
    files = {path.stem for path in (ROOT / PACKAGE).glob("*.py")}
    assert files == {"__init__", "__main__", "api"}
    assert {room for floor in floors() for room in floor} == (found | files) - {"__init__"}


def test_every_room_is_told_in_the_table():
    rows = re.findall(r"^\| (`.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = [room for row in rows for room in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(room for floor in floors() for room in floor)


def test_floors_are_at_most_eight_and_what_stands_on_a_room_stands_above_it():
    rows = floors()
    assert len(rows) <= 8
    height = {room: -at for at, floor in enumerate(rows) for room in floor}
    assert all(height[ground] <= height[room] for room, ground in supports().edges)
    assert nx.is_directed_acyclic_graph(supports())
