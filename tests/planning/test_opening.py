from __future__ import annotations

import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.opening import of_input, opening
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint


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


def test_of_several_inputs_each_loss_is_that_of_one():
    """`--loss irreversible` for a mask let the ids beside it be cut as well."""
    ids = Endpoint(name="ids", spec=parse_spec("ragged int32[?, None]").replace(facts=Facts(meaning="token_ids")))
    mask = Endpoint(name="mask", spec=parse_spec("int32[?, 8]").replace(facts=Facts(meaning="mask")))
    rows = Endpoint(name="rows", spec=parse_spec("int32[?, 8]").replace(facts=Facts(padding=Padding(value=0))))
    alone, beside = (
        {one.required: one.obstacle for one in feed([ids], inputs, {"ids": [one.name for one in inputs]}).bindings}
        for inputs in ([mask], [mask, rows])
    )
    assert (alone["mask"].allow, beside["mask"].allow) == ("--loss irreversible", "--loss mask=irreversible")
    assert of_input("with --loss exact", "a b") == "with --loss 'a b=exact'"
