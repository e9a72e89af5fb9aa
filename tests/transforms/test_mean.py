from __future__ import annotations

from sigcheck.planning.explained import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy

STEREO, MONO = {"axes": ["time", "channel"]}, {"axes": ["time"]}
CASES = [
    ("float32[?, 2]", "float32[?]"),
    ("int16[?, 2]", "float32[?]", STEREO, MONO),
    ("int32[?, 7]", "int32[?]"),
    ("uint8[?, 3]", "uint8[?, 1]"),
    ("float16[?, 5, 4]", "float16[?, 4]", {"axes": ["batch", "time", "feature"]}, {"axes": ["batch", "feature"]}),
    ("float64[?, ?, 4]", "float64[?, 4]"),
    ("int64[?, 3]", "float64[?]", {"range": [-5, 5]}, {"range": [-5, 5]}),
]


def planned(provided, required, policy, ours=None, theirs=None):
    specs = (
        parse_spec(text).replace(facts=Facts.model_validate(facts or {}))
        for text, facts in ((provided, ours), (required, theirs))
    )
    return search(*specs, policy)


def test_two_channels_become_one_by_permission_and_never_without():
    pair = ("float32[?, 2]", "float32[?]")
    for loss in ("rounding", "truncating", "irreversible"):
        refused = planned(*pair, Policy(loss=loss), STEREO, MONO)
        assert refused.plan is None
        assert refused.verdict in {"undecided", "blocked"}
    allowed = planned(*pair, Policy(allow=("mean",)), STEREO, MONO)
    assert (allowed.verdict, str(allowed.plan)) == ("adapts", "mean(axis=1), squeeze(axis=1)")
    assert allowed.plan.loss == "irreversible"


def test_the_axis_is_told_by_its_name(propose):
    ours, theirs = {"axes": ["batch", "time", "feature"]}, {"axes": ["batch", "feature"]}
    assert [one.arguments for one in propose("mean", "float32[?, 8, 8]", "float32[?, 8]", ours, theirs)] == [
        {"axis": 1}
    ]
    assert len(propose("mean", "float32[?, 8, 8]", "float32[?, 8]")) == 2
    assert planned("float32[?, 8, 8]", "float32[?, 8]", Policy(allow=("mean",))).verdict == "undecided"
    named = planned("float32[?, 8, 8]", "float32[?, 8]", Policy(allow=("mean",)), ours, theirs)
    assert (named.verdict, str(named.plan)) == ("adapts", "mean(axis=1), squeeze(axis=1)")


def test_no_mean_of_the_batch_of_ids_of_codes_or_of_what_fills_rows(propose):
    assert propose("mean", "float32[?, 4]", "float32[4]") == []
    assert propose("mean", "float32[?, 2]", "float32[?]", {"axes": ["batch", "channel"]}, {"axes": ["channel"]}) == []
    pair = ("int32[?, 2]", "int32[?]")
    assert propose("mean", *pair, {"meaning": "token_ids"}) == []
    assert propose("mean", *pair, {"id_count": 9}) == []
    assert propose("mean", "int8[?, 2]", "int8[?]", {"quantization": {"scale": 0.5, "zero_point": 0}}) == []
    assert propose("mean", "float32[?, 2]", "float32[?]", {"padding": {"value": 0}}) == []
    assert propose("mean", "float32[?, 5, 2]", "float32[?, 5]", {"meaning": "probabilities"}) == []
    assert propose("mean", "float32[?, 8, 3]", "float32[?, 8]", {"channel_order": "RGB"}) == []
    assert propose("mean", "float32[?, 1]", "float32[?]") == []


def test_whole_numbers_are_no_quotients_of_whole_numbers(propose):
    (real,) = propose("mean", "int16[?, 2]", "float32[?]")
    (whole,) = propose("mean", "int16[?, 2]", "int16[?]")
    assert (real.result.dtype, whole.result.dtype) == ("float32", "int16")


def test_a_mean_keeps_the_range(propose):
    (step,) = propose("mean", "float32[?, 2]", "float32[?]", {"range": [-1, 1]})
    assert step.result.facts.range == (-1, 1)


def test_beside_a_guard_that_fits_too_the_axis_must_be_named():
    assert planned("float32[?, ?, 8]", "float32[?, 8]", Policy(allow=("mean",))).verdict == "undecided"
    ours, theirs = {"axes": ["batch", "time", "feature"]}, {"axes": ["batch", "feature"]}
    named = planned("float32[?, ?, 8]", "float32[?, 8]", Policy(allow=("mean",)), ours, theirs)
    assert (named.verdict, named.plan.steps[0].guard) == ("guarded", "time (axis 1) has an entry")


def test_height_and_width_become_one_entry_the_one_after_the_other(propose):
    steps = propose("mean", "float32[?, 7, 6, 3]", "float32[?, 1, 1, 3]")
    assert [str(step.result) for step in steps] == ["float32[?, 1, 6, 3]", "float32[?, 7, 1, 3]"]
    assert propose("mean", "float32[?, 7, 6, 3]", "float32[?, 1, 1, 4]") == []
