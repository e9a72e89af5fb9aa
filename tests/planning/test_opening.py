from __future__ import annotations

import pytest

from sigcheck.planning.opening import opening
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy


def step(transform, **keywords):
    fields = {name: keywords.pop(name) for name in ("loss", "guard", "assumption") if name in keywords}
    return Step(transform=transform, result=parse_spec("int32[?]"), arguments=keywords, **fields)


@pytest.mark.parametrize(
    ("steps", "policy", "words"),
    [
        ([("cast", {"loss": "rounding"})], Policy(), ""),
        ([("cast", {"loss": "rounding"})], Policy(loss="exact"), "--loss rounding"),
        ([("ensure_shape", {"guard": "g"})], Policy(guard=False), "guards (leave out --no-guard)"),
        ([("batch_min_max", {})], Policy(), "--allow batch_min_max"),
        ([("batch_min_max", {})], Policy(allow=("batch_min_max",)), ""),
        ([("pad", {})], Policy(deny=("pad",)), "pad (leave out --deny pad)"),
        (
            [("pad", {"assumption": "a", "value": 0, "side": "post"})],
            Policy(pad_value="x", pad_side="post"),
            "another filling (leave out the pad_value 'x', or declare the padding)",
        ),
        (
            [("ragged_to_dense", {"assumption": "a", "value": 0, "side": "post"})],
            Policy(pad_value=0, pad_side="pre"),
            "a filling on the other side (leave out the pad_side 'pre')",
        ),
        ([("pad", {"value": 0, "side": "post"})], Policy(pad_value=1, pad_side="pre"), ""),
        (
            [("truncate", {"loss": "truncating"}), ("guard_ids", {"guard": "g"})],
            Policy(),
            "--loss truncating and --allow guard_ids",
        ),
    ],
)
def test_what_a_policy_lacks_is_named(steps, policy, words):
    assert opening([step(name, **keywords) for name, keywords in steps], policy) == words
