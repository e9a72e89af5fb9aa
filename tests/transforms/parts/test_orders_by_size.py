from __future__ import annotations

import pytest

from sigcheck.transforms.parts.orders_by_size import MOST_ORDERS, has_more_orders, orders_by_size


@pytest.mark.parametrize("rank", range(2, 17))
def test_distinct_sizes_name_the_order_at_any_rank(rank):
    sizes = tuple(range(2, 2 + rank))
    assert orders_by_size(sizes, sizes[::-1], ()) == (tuple(reversed(range(rank))),)
    assert not has_more_orders(sizes, sizes[::-1])


def test_many_axes_of_one_size_are_not_all_tried():
    ours, theirs = (4, 4, 5, *[2] * 12, 3), (3, *[2] * 12, 5, 4, 4)
    found = orders_by_size(ours, theirs, ())
    assert 0 < len(found) <= MOST_ORDERS
    assert all(tuple(ours[axis] for axis in order) == theirs for order in found)
    assert has_more_orders(ours, theirs)


def test_what_moves_least_comes_first():
    assert orders_by_size((None, 8, 8, 3), (None, 3, 8, 8), ()) == ((0, 3, 1, 2), (0, 3, 2, 1))


def test_sizes_that_match_as_well_as_they_stand_name_no_order():
    assert orders_by_size((8, 8, 3), (8, 8, 3), ()) == ()
    assert orders_by_size((None, 5), (None, 7), ()) == ()


def test_axes_that_are_pairs_keep_the_order_that_is_required():
    found = orders_by_size((8, 8, 3, 4), (3, 8, 4, 8), ((0, 1), (1, 3)))
    assert found
    assert all(order.index(0) < order.index(1) for order in found)
    assert len(found) < len(orders_by_size((8, 8, 3, 4), (3, 8, 4, 8), ()))


def test_sizes_explain_an_order_behind_which_axes_merge():
    assert orders_by_size((4, 3, 6), (24, 3), ()) == ((0, 2, 1), (2, 0, 1))
