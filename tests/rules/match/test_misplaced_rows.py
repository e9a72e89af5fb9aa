from __future__ import annotations

import copy
import shlex

import pytest

import sigcheck
from sigcheck.rules.match import misplaced_rows
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.tried import options_of
from sigcheck.schema.policy import Policy
from tests.rules.conftest import CONSUMER, PRODUCER

IDS, WANTED = {"ids": "int32[?, ?]", "mask": "int32[?, ?]"}, {"ids": "int32[?, 10]", "mask": "int32[?, 10]"}
FRONT = {"padding": {"value": 9, "side": "pre"}}


def check(given=None, mask=None, ours=None):
    facts = {"producer": {"ids": given or {}, "mask": ours or {}}, "consumer": {"ids": FRONT, "mask": mask or {}}}
    return sigcheck.check(IDS, WANTED, facts=facts, verify="typed")


def told(report):
    return [one for one in report.findings if one.rule == misplaced_rows.NAME]


def test_a_mask_that_stays_where_ids_are_moved_is_told_with_what_moves_it():
    report = check({"padding": {"value": 9}})
    (finding,) = told(report)
    assert (report.verdict, finding.place, finding.level) == ("undecided", "mask", "error")
    assert finding.message == "it gets its rows where they begin, and ids its rows freed of what fills them, at the end"
    assert finding.help == (
        "where they belong together declare how it is filled, with --fact 'producer.mask.padding={\"value\":0}' and "
        '--fact \'consumer.mask.padding={"value":0,"side":"pre"}\'; where they are rows of two things, name their axes '
        "otherwise, as with --fact consumer.mask.axes=batch,other and --fact consumer.ids.axes=batch,row"
    )


def test_what_is_advised_passes():
    moved = check({"padding": {"value": 9}}, {"padding": {"value": 0, "side": "pre"}}, {"padding": {"value": 0}})
    assert (moved.verdict, told(moved)) == ("guarded", [])
    named = sigcheck.check(
        IDS,
        WANTED,
        facts={
            "producer": {"ids": {"padding": {"value": 9}}},
            "consumer": {"ids": {**FRONT, "axes": ["batch", "row"]}, "mask": {"axes": ["batch", "other"]}},
        },
        verify="typed",
    )
    assert (named.verdict, told(named)) == ("guarded", [])


@pytest.mark.parametrize(
    ("given", "wanted", "names"),
    [
        ("int32[?, 8]", "int32[?, 10]", {"producer": ["batch", "time"]}),
        ("int32[?, 8]", "int32[?, 10]", {"producer": ["batch", "time"], "consumer": ["batch", "time"]}),
        ("int32[?, 8]", "int32[?, 1, 10]", {"consumer": ["batch", "one", "time"]}),
        ("int32[?, 1, 8]", "int32[?, 1, 10]", {}),
        ("float32[?, 8, 4]", "float32[?, 10, 4]", {}),
    ],
)
def test_each_way_that_is_advised_passes_word_by_word(given, wanted, names):
    sides = {"ids": given, "mask": "int32[?, 8]"}, {"ids": wanted, "mask": "int32[?, 10]"}
    facts = {
        "producer": {"ids": {}, "mask": {}},
        "consumer": {"ids": dict(FRONT), "mask": {"meaning": "mask", "padding": {"value": 0}}},
    }
    for side, axes in names.items():
        facts[side]["ids"]["axes"] = axes
    if "producer" in names:
        facts["producer"]["mask"]["axes"] = names["producer"]
    (finding,) = told(sigcheck.check(*sides, facts=facts, verify="typed"))
    ways = finding.help.split("; ")
    assert len(ways) == 2
    for way in ways:
        declared = copy.deepcopy(facts)
        for option in options_of(way):
            side, name, fact = option.path
            declared[side][name][fact] = option.value
        followed = sigcheck.check(*sides, facts=declared, verify="typed")
        assert (followed.verdict in {"adapts", "guarded"}, told(followed)) == (True, [])


def test_where_the_consumer_says_both_it_is_a_warning():
    (finding,) = told(check({"padding": {"value": 9}}, {"padding": {"value": 0}}, {"padding": {"value": 0}}))
    assert finding.level == "warning"


def test_what_is_advised_can_be_typed():
    (finding,) = told(check({"padding": {"value": 9}}))
    assert shlex.split(finding.help)


def test_rows_at_one_place_are_not_told():
    assert list(misplaced_rows.find(MatchView(PRODUCER, CONSUMER))) == []


@pytest.mark.parametrize(("rule", "policy"), [("invented_values", Policy()), ("assumed", Policy(assume="warn"))])
def test_what_fills_a_mask_is_told_on_the_side_of_its_ids(rule, policy):
    """On the other side the mask would begin where the ids do not."""
    sides = {"ids": "int32[?, 8]", "mask": "int32[?, 8]"}, {"ids": "int32[?, 10]", "mask": "int32[?, 10]"}
    facts = {"consumer": {"ids": FRONT}}
    report = sigcheck.check(*sides, facts=facts, policy=policy, verify="typed")
    (help_text,) = (one.help for one in report.findings if one.rule == rule)
    (option,) = options_of(help_text)
    assert option.value == {"value": 0, "side": "pre"}
    facts = {"consumer": {"ids": FRONT, "mask": {"padding": option.value}}}
    followed = sigcheck.check(*sides, facts=facts, verify="typed")
    assert (followed.verdict, told(followed)) == ("adapts", [])


def test_what_fills_rows_of_another_length_is_told_on_the_usual_side():
    sides = {"ids": "int32[?, 8]", "tags": "int32[?, 8]"}, {"ids": "int32[?, 10]", "tags": "int32[?, 12]"}
    report = sigcheck.check(*sides, facts={"consumer": {"ids": FRONT}}, verify="typed")
    (help_text,) = (one.help for one in report.findings if one.rule == "invented_values")
    assert "--fact 'consumer.tags.padding={\"value\":0}'" in help_text


def told_beside_joined(a, b, wanted, ids_facts):
    sides = {"a": a, "b": b, "mask": "int32[?, 10]"}, {"ids": wanted, "mask": wanted}
    facts = {"producer": {"a": ids_facts, "b": ids_facts}, "consumer": {"ids": FRONT, "mask": {}}}
    bind = {"concat(a, b, axis=1)": "ids"}

    def run(facts):
        return sigcheck.check(*sides, facts=facts, bind=bind, policy=Policy(pad_value=0), verify="typed")

    return facts, run


def test_beside_ids_that_were_moved_and_joined_a_mask_is_told_to_come_in_parts():
    """A mask of both is not filled at its end where each part was: nothing moves it as they were."""
    facts, run = told_beside_joined("int32[?, 4]", "int32[?, 6]", "int32[?, 10]", {"padding": {"value": 0}})
    (finding,) = told(run(facts))
    assert finding.help.startswith("where they belong together give it in parts, as a and b are, and join these; ")


def test_parts_of_a_mask_are_told_to_be_declared_as_those_of_the_ids_are():
    sides = (
        {"a": "int32[?, 4]", "b": "int32[?, 6]", "c": "int32[?, 4]", "d": "int32[?, 6]"},
        {"ids": "int32[?, 10]", "mask": "int32[?, 10]"},
    )
    facts = {"producer": {name: {"padding": {"value": 0}} for name in "ab"}, "consumer": {"ids": FRONT}}
    bind = {"concat(a, b, axis=1)": "ids", "concat(c, d, axis=1)": "mask"}
    (finding,) = told(sigcheck.check(*sides, facts=facts, bind=bind, verify="typed"))
    assert finding.help.startswith("where they belong together declare how c, d and mask are filled, as a, b and ids ")
    facts["producer"] = {name: {"padding": {"value": 0}} for name in "abcd"}
    facts["consumer"]["mask"] = {"padding": {"value": 0, "side": "pre"}}
    followed = sigcheck.check(*sides, facts=facts, bind=bind, verify="typed")
    assert (followed.verdict, told(followed)) == ("adapts", [])


def test_beside_ids_that_were_joined_and_moved_a_mask_is_told_with_what_moves_it():
    facts, run = told_beside_joined("int32[?, 4]", "int32[?, 6]", "int32[?, 12]", {})
    (finding,) = told(run(facts))
    together, _ = finding.help.split("; ")
    for option in options_of(together):
        side, name, fact = option.path
        facts[side][name][fact] = option.value
    assert facts["consumer"]["mask"]["padding"]["side"] == "pre"
    followed = run(facts)
    assert (followed.verdict, told(followed)) == ("adapts", [])


def test_of_several_that_lie_elsewhere_the_one_that_is_told_leads_the_way():
    """It is what the others are compared with: names of another one parted nothing."""
    given, wanted = "ragged int32[?, None]", "int32[?, ?]"
    sides = dict.fromkeys(("ids", "mask", "tags"), given), dict.fromkeys(("ids", "mask", "tags"), wanted)
    ids, mask = {"padding": {"value": -1, "side": "pre"}}, {"padding": {"value": -1, "side": "pre"}}
    facts = {"producer": {"ids": ids, "tags": {"padding": {"value": 0}}}, "consumer": {"mask": mask, "tags": {}}}
    (finding,) = told(sigcheck.check(*sides, facts=facts, verify="typed"))
    ways = finding.help.split("; ")
    assert (finding.place, len(ways)) == ("tags", 2)
    for way in ways:
        declared = copy.deepcopy(facts)
        for option in options_of(way):
            side, name, fact = option.path
            declared[side].setdefault(name, {})[fact] = option.value
        assert told(sigcheck.check(*sides, facts=declared, verify="typed")) == []


def test_names_that_no_plan_keeps_are_not_advised():
    """The rows of such a mask are merged with its channels: by their names they would be an axis too many."""
    sides = {"ids": "int32[?, ?, 4]", "mask": "int32[?, ?, 4]"}, {"ids": "float32[?, 8]", "mask": "float32[?, 8]"}
    facts = {"producer": {"ids": {"padding": {"value": 0}}, "mask": {"axes": ["batch", "time", "channel"]}}}
    facts["consumer"] = {"ids": {"padding": {"value": -1, "side": "pre"}}, "mask": {}}
    (finding,) = told(sigcheck.check(*sides, facts=facts, verify="typed"))
    assert finding.help.endswith("name their axes otherwise")


RAGGED = {"ids": "ragged int32[?, None]", "segments": "ragged int32[?, None]"}


def ragged(ids, segments, given="int32[?, 8]", axes=None):
    named = [{} if axes is None else {"axes": ["batch", one]} for one in axes or ("", "")]
    facts = {
        "producer": {"ids": ids, "segments": segments},
        "consumer": dict(zip(RAGGED, named, strict=True)),
    }
    return sigcheck.check({"ids": "int32[?, 8]", "segments": given}, RAGGED, facts=facts, verify="typed")


def test_segments_that_keep_what_fills_them_beside_ids_that_do_not_are_told():
    report = ragged({"padding": {"value": 0}}, {})
    (finding,) = told(report)
    assert (report.verdict, finding.place, finding.level) == ("undecided", "segments", "error")
    assert finding.message == "it gets its rows in full, with what fills them, and ids its rows freed of it"
    assert finding.help.startswith(
        "where they belong together give segments as ragged rows, or declare what fills it where none of its values "
        "is that; where they are rows of two things"
    )


@pytest.mark.parametrize(
    ("ids", "segments", "more"),
    [
        ({"padding": {"value": 0}}, {"padding": {"value": -1}}, {}),
        ({}, {}, {}),
        ({"padding": {"value": 0}}, {}, {"given": "int32[?, 6]"}),
        ({"padding": {"value": 0}}, {}, {"axes": ("row", "other")}),
    ],
)
def test_rows_that_are_freed_alike_or_of_two_things_pass(ids, segments, more):
    report = ragged(ids, segments, **more)
    assert (report.verdict, told(report)) == ("adapts", [])
