from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms.parts.orders_by_name import likely_orders, settled_order


def sides(provided, ours, required, theirs):
    return (
        parse_spec(f"float32{provided}").replace(facts=Facts(axes=ours)),
        parse_spec(f"float32{required}").replace(facts=Facts(axes=theirs)),
    )


@pytest.mark.parametrize(
    ("provided", "ours", "required", "theirs", "order"),
    [
        # An axis without a name takes the place that is left.
        ("[4, 1, 4]", ("a", None, "b"), "[4, 1, 4]", ("b", None, "a"), (2, 1, 0)),
        # Axes that are flattened go where the consumer has room.
        ("[3, 3, ?]", ("height", "width", "batch"), "[?, 9]", ("batch", "feature"), (2, 0, 1)),
        # Two without a name, and no place but one for both.
        ("[8, 2, 2]", ("a", None, None), "[2, 2, 8]", (None, None, "a"), (1, 2, 0)),
        # The name is in its place already; the 4 would be taken apart.
        ("[3, 4, 2, 2]", ("a", None, None, None), "[3, 2, 2, 4]", ("a", None, None, None), None),
        # No name is on both sides.
        ("[3, 4]", ("a", "b"), "[4, 3]", ("c", "d"), None),
        # As many orders as there are places between the names.
        ("[8, 3, 4]", ("a", None, "c"), "[5, 8, 6]", (None, "a", None), None),
    ],
)
def test_what_names_settle(provided, ours, required, theirs, order):
    assert settled_order(*sides(provided, ours, required, theirs)) == order


def test_where_names_leave_several_orders_the_sizes_explain_one():
    pair = sides("[2, 4, ?, 2]", (None, "time", "batch", None), "[2, ?, 4, 2]", (None, "batch", "time", None))
    assert settled_order(*pair) is None
    assert likely_orders(*pair)[0] == (0, 2, 1, 3)


@pytest.mark.parametrize(
    ("provided", "ours", "required", "theirs", "order"),
    [
        ("[8, 2, 2, ?]", (None, "h", None, "batch"), "[?, 8, 2, 2]", ("batch", None, "h", None), (3, 0, 1, 2)),
        ("[2, 4, ?, 3]", (None, "time", "batch", None), "[2, ?, 4, 3]", (None, "batch", "time", None), (0, 2, 1, 3)),
        # The rest would have to change its order too, or may be of any size: that nobody said.
        ("[8, 2, 3, ?]", (None, None, "h", "batch"), "[?, 2, 3, 8]", ("batch", None, "h", None), None),
        ("[8, 2, ?, ?]", (None, "h", None, "batch"), "[?, 8, 2, ?]", ("batch", None, "h", None), None),
    ],
)
def test_what_keeps_its_order_and_fits_by_another_size_each_is_settled(provided, ours, required, theirs, order):
    assert settled_order(*sides(provided, ours, required, theirs)) == order


def test_no_order_by_size_turns_names_round():
    orders = likely_orders(*sides("[8, 8, 3, 4]", ("a", "b", None, None), "[3, 8, 4, 8]", (None, "a", None, "b")))
    assert orders
    assert all(order.index(0) < order.index(1) for order in orders)
