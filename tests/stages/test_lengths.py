"""The length of rows that a consumer leaves open: chosen by a number, or by what data showed."""

from __future__ import annotations

import pytest

import sigcheck
from sigcheck import Policy, UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec

RAGGED = "ragged int64[?, None]"
PAD = {"padding": {"value": 0, "side": "post"}}


@pytest.fixture
def model(tmp_path):
    def write(name, side, spec, **facts):
        path = tmp_path / f"{name}.toml"
        told = "".join(f'\n[{side}.tokens.facts.padding]\nvalue = 0\nside = "post"\n' for _ in facts)
        path.write_text(f'[{side}.tokens]\nspec = "{spec}"\n{told}')
        return str(path)

    return write


def shown(*lengths):
    return {"producer": {"tokens": {"observed": {"facts": [], "rows": 9, "lengths": lengths}}}}


def checked(model, spec, *lengths, provided=RAGGED, **policy):
    facts = shown(*lengths) if lengths else None
    ends = model("p", "outputs", provided), model("c", "inputs", spec, **PAD)
    return sigcheck.check(*ends, facts=facts, policy=Policy(**policy), verify="typed")


def required(report):
    return str(report.bindings[0].required_spec)


def test_a_number_and_the_choice_by_what_was_seen(model):
    seen = [[4, 98], [20, 2]]
    assert required(checked(model, "int64[?, ?]")) == "int64[?, ?]"
    assert required(checked(model, "int64[?, ?]", max_length=40)) == "int64[?, 40]"
    assert required(checked(model, "int64[?, ?]", *seen, max_length="auto")) == "int64[?, 24]"
    assert required(checked(model, "int64[?, ?]", *seen, max_length="auto:95%")) == "int64[?, 8]"


def test_what_is_longer_is_refused_or_cut_as_the_policy_says(model):
    seen = [[4, 98], [20, 2]]
    refused = checked(model, "int64[?, ?]", *seen, max_length="auto:95%")
    cut = checked(model, "int64[?, ?]", *seen, max_length="auto:95%", loss="truncating")
    assert (refused.verdict, cut.verdict) == ("guarded", "adapts")
    assert {one.rule for one in cut.findings} >= {"truncated_rows"}


def test_a_length_that_the_consumer_has_is_not_chosen(model):
    assert required(checked(model, "int64[?, 16]", [4, 9], max_length=8)) == "int64[?, 16]"


def test_dense_rows_that_nobody_calls_padded_keep_their_length(model):
    report = checked(model, "int64[?, ?]", provided="int64[?, 64]", max_length=8)
    assert (report.verdict, required(report)) == ("fits", "int64[?, ?]")


def test_without_lengths_there_is_nothing_to_choose_by(model):
    with pytest.raises(UsageError, match="max_length: auto, and no lengths of rows were observed"):
        checked(model, "int64[?, ?]", max_length="auto")


@pytest.mark.parametrize("bad", [0, -1, True, "auto:0%", "auto:101%", "long", "auto:1e9%"])
def test_what_is_no_length(bad):
    with pytest.raises(UsageError, match=r"max_length: .* expected a length from 1 on"):
        Policy(max_length=bad)


def test_the_choice_is_told_where_it_is_at_stake(model):
    seen = [[4, 98], [20, 2]]
    (choice,) = checked(model, "int64[?, ?]", *seen).result.choices
    assert [one.length for one in choice.candidates if one.is_recommended] == [24]
    (bounded,) = checked(model, "int64[?, 16]", *seen).result.choices
    assert (bounded.most, max(one.length for one in bounded.candidates)) == (16, 16)
    assert bounded.candidates[-1].cut == pytest.approx(0.02)
    assert checked(model, "int64[?, 32]", *seen).result.choices == ()


def test_both_reports_have_it(model):
    report = checked(model, "int64[?, 16]", [4, 98], [20, 2])
    assert "* the most that the input takes: 2.00% of the rows are longer" in str(report)
    assert '"choices"' in report.to_json()
    assert '"choices"' not in checked(model, "int64[?, ?]").to_json()


def test_lengths_are_a_mask_as_long_as_the_longest_or_as_is_said():
    """Rows may be filled up further: that they are not is an assumption, which the number ends."""
    ends = (
        {"n": parse_spec("int32[?]").replace(facts=Facts(meaning="lengths"))},
        {"n": parse_spec("bool[?, ?]").replace(facts=Facts(meaning="mask"))},
    )
    open_size = sigcheck.check(*ends, verify="typed")
    assert open_size.verdict == "adapts"
    told = next(one for one in open_size.findings if one.rule == "assumed")
    assert told.help == "where the rows are longer than the longest length, say how long with --max-length LENGTH"
    said = sigcheck.check(*ends, policy=Policy(max_length=128), verify="typed")
    assert (said.verdict, required(said)) == ("guarded", "bool[?, 128]")


@pytest.mark.parametrize(
    ("required", "axes", "asserted"),
    [
        ("int32[?, ?]", ["time", "batch"], "ragged_to_dense(sizes=[?, 5], value=0, side=post, check=True)"),
        ("int32[?, ?]", ["batch", "time"], "ragged_to_dense(sizes=[?, 5], value=0, side=post, check=True)"),
    ],
)
def test_a_length_is_of_the_rows_wherever_the_batch_is(required, axes, asserted):
    """Behind the rows a batch of five would be asserted, and rows of any length would pass."""
    report = sigcheck.check(
        {"x": "ragged int32[?, None]"},
        {"x": required},
        facts={"consumer": {"x": {"axes": axes, "padding": {"value": 0}}}},
        policy=Policy(max_length=5),
        verify="typed",
    )
    steps = [str(step) for step in report.bindings[0].steps]
    assert steps[0] == asserted
    assert not any(step.startswith("ensure_shape") for step in steps)
