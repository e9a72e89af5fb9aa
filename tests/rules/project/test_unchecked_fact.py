from __future__ import annotations

from sigcheck.planning.unchecked import list_unchecked
from sigcheck.rules.project import unchecked_fact
from sigcheck.rules.views.project import ProjectView


def find(match, link, gives, wants, unchecked=None):
    bindings = match("float32[?, 3]", "float32[?, 3]", verdict="fits", gives=gives, wants=wants).bindings
    check = {"verdict": "fits", "bindings": bindings, "unchecked": unchecked or list_unchecked(bindings)}
    found = unchecked_fact.find(ProjectView(links=(link("a", "b", check=check),)))
    return [(one.finding.level, one.finding.message, one.finding.help) for one in found]


def test_a_fact_that_one_side_knows(match, link):
    assert find(match, link, {}, {"channel_order": "RGB"}) == [
        (
            "note",
            "the channel order is not declared by the producer",
            "declare channel_order of out at a, in the config",
        )
    ]
    assert [said for _, said, _ in find(match, link, {"meaning": "logits", "axes": ["batch", None]}, {})] == [
        "the axes are not declared by the consumer",
        "the meaning is not declared by the consumer",
    ]


def test_what_both_or_none_know_is_not_told(match, link):
    both = {"meaning": "logits", "channel_order": "RGB"}
    assert find(match, link, both, both) == []
    assert find(match, link, {}, {}) == []


def test_every_line_of_a_check_is_told(match, link):
    assert find(match, link, {}, {}, ("ids of y: below 10",))[0][1] == "ids of y: below 10"


def test_what_a_graph_shows_is_a_sentence(match, link):
    shown = "id count of x: the consumer's graph shows ids below 500, not declared by the producer"
    ((_, said, _),) = find(match, link, {}, {}, (shown,))
    assert said == "id count: the consumer's graph shows ids below 500, not declared by the producer"
