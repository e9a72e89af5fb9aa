"""Every fact from every state to every other, of an input and of an output: what a diff says of it is
what becomes of the links, which are planned before and after.

A change of what was known breaks where some link that passed passes no longer, takes other steps, or is
compared no longer. What was not known before can only reach links that nobody compared by it: it may break.
"""

from __future__ import annotations

from itertools import permutations, product

import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.unchecked import list_unchecked
from sigcheck.rules import find_changes
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.chain import worst_verdict
from sigcheck.schema.facts import Facts
from sigcheck.schema.finding import LEVELS
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint, Signature

PICTURE = "float32[?, 8, 4, 3]"
IDS = {"meaning": "token_ids"}
# The fact: the spec, what is always known beside it, its states, and the specs of partners.
TABLE = {
    "range": ("float32[?, 3]", {}, [(0, 1), (0, 255)], ["float32[?, 3]"]),
    "range of whole numbers": ("uint8[?, 3]", {}, [(0, 255), (0, 100)], ["uint8[?, 3]", "float32[?, 3]"]),
    "range of ids": ("int32[?, 3]", IDS, [(0, 9), (0, 99)], ["int32[?, 3]"]),
    "range of lengths": ("int32[?]", {"meaning": "lengths"}, [(0, 9), (0, 99)], ["int32[?]"]),
    "id_count": ("int32[?, 3]", IDS, [10, 100], ["int32[?, 3]", "int64[?, 3]"]),
    "id_count without a meaning": ("int32[?, 3]", {}, [10, 100], ["int32[?, 3]"]),
    "normalization": ("float32[?, 3]", {}, [{"mean": 5, "std": 2}, {"mean": 0, "std": 4}], ["float32[?, 3]"]),
    "quantization": (
        "int8[?, 3]",
        {},
        [{"scale": 0.1, "zero_point": 0}, {"scale": 0.2, "zero_point": 3}],
        ["int8[?, 3]", "float32[?, 3]"],
    ),
    "meaning": ("float32[?, 3]", {}, ["logits", "probabilities", "embedding"], ["float32[?, 3]"]),
    "channel_order": (PICTURE, {"axes": ["batch", "height", "width", "channel"]}, ["RGB", "BGR"], [PICTURE]),
    "axes": (
        "float32[?, 4, 4, 4]",
        {},
        [["batch", "height", "width", "channel"], ["batch", "channel", "height", "width"]],
        ["float32[?, 4, 4, 4]"],
    ),
    "padding": ("int32[?, 8]", IDS, [{"value": 0}, {"value": 1}], ["int32[?, 8]", "ragged int32[?, None]"]),
}
# What only partners say: more and less than both states.
BEYOND = {
    "range of whole numbers": [(0, 50), (0, 200)],
    "range of ids": [(0, 4), (0, 999)],
    "range of lengths": [(0, 4), (0, 999)],
    "id_count": [5, 1000],
    "id_count without a meaning": [5, 1000],
}
# A link may allow more than by default: then a change has more ways to reach it. Where ids are cut off at
# a bound, one that lies wider only cuts off less.
LOOSE = {"range of whole numbers": (Policy(), Policy(loss="truncating"))}
CASES = [
    (name, end, old, new)
    for name, (_, _, states, _) in TABLE.items()
    for end in ("input", "output")
    for old, new in permutations((None, *states), 2)
]


def endpoint(spec, beside, fact, value):
    facts = {**beside, **({} if value is None else {fact: value})}
    return Endpoint(name="x", spec=parse_spec(spec).replace(facts=Facts.model_validate(facts)))


def planned(end, own, partner, policy):
    """Verdict, steps and what was not compared, of the link with a partner."""
    outputs, inputs = ((own,), (partner,)) if end == "output" else ((partner,), (own,))
    match = feed(outputs, inputs, {}, policy)
    verdict = worst_verdict([one.verdict for one in match.bindings]) if not match.missing else "blocked"
    steps = [str(step) for one in match.bindings for step in one.steps]
    return verdict in {"fits", "adapts", "guarded"}, steps, set(list_unchecked(match.bindings, outputs, inputs))


def expected(name, end, old, new):
    spec, beside, states, partners = TABLE[name]
    fact = name.partition(" ")[0]
    level = -1
    for text, policy in product(partners, LOOSE.get(name, (Policy(),))):
        for state in (None, *states, *BEYOND.get(name, ())):
            if fact == "quantization" and state is not None and "int" not in text:
                # Floats are no codes: such a partner cannot be declared.
                continue
            partner = endpoint(text, beside if "int" in text or text == spec else {}, fact, state)
            (passed, steps, unseen), after = (
                planned(end, endpoint(spec, beside, fact, value), partner, policy) for value in (old, new)
            )
            is_blind = old is not None and state is not None and after[2] - unseen
            if passed and (not after[0] or after[1] != steps or is_blind):
                level = max(level, LEVELS.index("error" if old is not None else "warning"))
    return level


@pytest.mark.parametrize(("name", "end", "old", "new"), CASES)
def test_a_diff_says_what_becomes_of_the_links(name, end, old, new):
    spec, beside, _, _ = TABLE[name]
    before, after = (
        Signature(**{f"{end}s": (endpoint(spec, beside, name.partition(" ")[0], value),)}) for value in (old, new)
    )
    found = find_changes(UpgradeView(before, after))
    told = max((LEVELS.index(one.level) for one in found), default=-1)
    breaks = expected(name, end, old, new)
    assert max(told, 0) == max(breaks, 0), ([str(one) for one in found], LEVELS[breaks] if breaks >= 0 else None)
