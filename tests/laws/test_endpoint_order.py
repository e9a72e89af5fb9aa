"""In which order a signature has its outputs and inputs decides nothing: neither a verdict nor what is told."""

from __future__ import annotations

import random
from itertools import permutations, product

import pytest

import sigcheck

# Of one batch, of several, and of none; rows that are filled on one side or the other; boxes and what they are of.
_SPECS = (
    *("int32[24]", "int32[1, 8]", "int32[3, 8]", "int32[?]", "float32[1]", "float32[?, 8, 3]"),
    *("int32[?, 8]", "int32[?, 8]", "int32[?, 10]", "int32[?, ?]", "ragged int32[?, None]"),
    *("float32[?, 16, 16, 3]", "float32[?, 24, 24, 3]", "float32[?, 5, 4]"),
)
_PADDINGS = tuple({"value": value, "side": side} for value in (0, 9) for side in ("post", "pre"))
_NAMES = {1: (["batch"], ["time"]), 2: (["batch", "time"], ["time", "batch"]), 3: (["batch", "time", "channel"],)}
_MOST_ORDERS = 4


def _endpoint(rng):
    spec = rng.choice(_SPECS)
    rank = spec.count(",") + 1
    facts = {}
    if rng.random() < 0.5:
        facts["padding"] = rng.choice(_PADDINGS)
    if rng.random() < 0.3:
        facts["meaning"] = rng.choice(("mask", "lengths", "token_ids", "logits"))
    if spec.endswith(" 4]"):
        facts = {"boxes": rng.choice(("yxyx normalized", "yxyx pixels", "yxyx"))}
    if rank in _NAMES and rng.random() < 0.2:
        facts["axes"] = rng.choice(_NAMES[rank])
    return spec, facts


def _sides(seed):
    rng = random.Random(seed)
    given = {name: _endpoint(rng) for name in "abc"[: rng.choice((2, 3))]}
    names = "abc" if rng.random() < 0.7 else "pqs"
    return given, {name: _endpoint(rng) for name in names[: rng.choice((2, 3))]}


def _told(given, wanted):
    sides = [[*given], [*wanted]]
    report = sigcheck.check(
        *({name: spec for name, (spec, _) in side} for side in sides),
        facts={
            side: {name: facts for name, (_, facts) in ends if facts}
            for side, ends in zip(("producer", "consumer"), sides, strict=True)
        },
        verify="typed",
    )
    bindings = sorted((one.required, one.provided, one.verdict) for one in report.bindings)
    return report.verdict, bindings, sorted((one.rule, one.place, one.level) for one in report.findings)


def _compare(seed):
    given, wanted = (tuple(side.items()) for side in _sides(seed))
    orders = [*product(permutations(given), permutations(wanted))]
    told = _told(given, wanted)
    for ours, theirs in random.Random(seed).sample(orders, min(len(orders), _MOST_ORDERS)):
        assert _told(ours, theirs) == told, (ours, theirs)


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_the_endpoints_decides_nothing(seed):
    _compare(seed)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"a": "int32[24]", "b": "int32[1, 8]"}, {"a": "int64[?]", "b": "float32[?, 8]"}),
        ({"a": "int32[1, 8]", "b": "int32[24]"}, {"a": "int32[?]", "b": "int32[?]"}),
        ({"a": "int32[3, 8]", "b": "int32[24]"}, {"a": "int32[?, 8]", "b": "int32[?, 1]"}),
    ],
)
def test_of_two_batches_that_are_as_common_one_is_the_usual(given, wanted):
    sides = [tuple((name, (spec, {})) for name, spec in side.items()) for side in (given, wanted)]
    told = [_told(sides[0][::turn], sides[1][::other]) for turn, other in product((1, -1), repeat=2)]
    assert told == told[:1] * 4
    assert "undecided" in {verdict for *_, verdict in told[0][1]}


def test_rows_that_are_moved_in_two_ways_are_told_alike():
    facts = {"padding": {"value": 0, "side": "post"}}
    moved, cut = ({"padding": {"value": 0, "side": "pre"}}, {})
    given = tuple((name, ("int32[?, 8]", facts if name == "a" else {})) for name in "abc")
    wanted = tuple((name, ("int32[?, 10]", moved if name != "c" else cut)) for name in "abc")
    told = [_told(ours, theirs) for ours, theirs in product(permutations(given), permutations(wanted))]
    assert told == told[:1] * len(told)
    assert any(rule == "misplaced_rows" for rule, *_ in told[0][2])
