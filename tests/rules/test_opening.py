from __future__ import annotations

import pytest

from sigcheck.rules.opening import opening
from sigcheck.schema.policy import Policy


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
            [("truncate", {"loss": "truncating"}), ("guard_ids", {"guard": "g"})],
            Policy(),
            "--loss truncating and --allow guard_ids",
        ),
    ],
)
def test_what_a_policy_lacks_is_named(step, steps, policy, words):
    assert opening([step(name, "int32[?]", **keywords) for name, keywords in steps], policy) == words
