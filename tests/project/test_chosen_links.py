from __future__ import annotations

import random
from graphlib import TopologicalSorter

from sigcheck.project.chosen_links import MOST_OF_A_MODEL, Proposal, choose_links


def test_models_that_all_fit_each_other_have_three_links_each_and_no_cycle():
    names = [f"m{at}" for at in range(12)]
    draw = random.Random(7)
    for _ in range(20):
        every = [Proposal(a, b, draw.choice(["", "cast"]), draw.randrange(3)) for a in names for b in names if a != b]
        found = choose_links(draw.sample(every, draw.randrange(1, len(every))))
        counts = dict.fromkeys(names, 0)
        sorter = TopologicalSorter()
        for one in found.chosen:
            sorter.add(one.consumer, one.producer)
            for name in (one.producer, one.consumer):
                counts[name] += 1
        # It raises where there is a cycle.
        order = {name: at for at, name in enumerate(sorter.static_order())}
        assert max(counts.values()) <= MOST_OF_A_MODEL
        assert all(order[one.producer] < order[one.consumer] for one in found.chosen)


def test_each_that_is_not_chosen_has_its_reason():
    found = choose_links([Proposal("a", name) for name in "bcdef"] + [Proposal("b", "a")])
    assert [str(one) for one in found.chosen] == ["a -> b", "a -> c", "a -> d"]
    assert [(str(one), why) for one, why in found.left_out] == [
        ("a -> e", "a would have more than 3 links"),
        ("a -> f", "a would have more than 3 links"),
        ("b -> a", "it would close a cycle"),
    ]


def test_what_fits_and_is_fed_by_name_comes_first():
    found = choose_links(
        [
            Proposal("a", "b", "cast"),
            Proposal("a", "c"),
            Proposal("a", "d", "", 2),
            Proposal("a", "e"),
            Proposal("a", "f", "", 1),
        ]
    )
    assert {one.consumer for one in found.chosen} == {"c", "d", "f"}


def test_links_stand_in_the_order_of_the_pipeline():
    found = choose_links([Proposal("last", "end"), Proposal("mid", "last"), Proposal("first", "mid")])
    assert [str(one) for one in found.chosen] == ["first -> mid", "mid -> last", "last -> end"]
