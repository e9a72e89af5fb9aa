from __future__ import annotations

import pytest

import sigcheck
from sigcheck.rules.match import assumed, invented_values
from sigcheck.schema.cost import Cost
from sigcheck.schema.policy import Policy

MADE_UP = Cost(inventions=1, assumptions=1)


@pytest.fixture
def made(step):
    """A step that makes values up."""

    def build(transform, result, **arguments):
        one = step(transform, result, assumption="0 behind means no value", **arguments)
        return one.model_copy(update={"cost": MADE_UP})

    return build


@pytest.mark.parametrize(
    ("provided", "required", "transform", "arguments", "line"),
    [
        (
            "int32[?, 7]",
            "int32[?, 9]",
            "pad",
            {"value": 0},
            """where they are short rows declare what fills them, as with --fact 'consumer.x.padding={"value":0}'""",
        ),
        (
            "string[?, 7]",
            "string[?, 9]",
            "pad",
            {"value": "[PAD]"},
            """declare what fills them, as with --fact 'consumer.x.padding={"value":"[PAD]"}'""",
        ),
        (
            "float32[?, 32]",
            "float32[?, 40, 32]",
            "repeat",
            {"count": 40},
            (
                "where another axis is meant name the axes of both sides, with --fact producer.out.axes=b,c and "
                "--fact consumer.x.axes=batch,b,c"
            ),
        ),
        (
            "float32[?, 8, 8, 1]",
            "float32[?, 8, 8, 3]",
            "repeat",
            {"count": 3},
            (
                "where they are pictures declare it, with --fact producer.out.channel_order=GRAY and "
                "--fact consumer.x.channel_order=RGB"
            ),
        ),
        ("float32[?, 3]", "float32[?]", "reshape", {}, "accept what is made up for any input, with --assume warn"),
    ],
)
def test_the_lone_candidate_is_told_with_the_line_that_accepts_it(
    only, made, provided, required, transform, arguments, line
):
    candidate = made(transform, required, **arguments)
    finding = only(provided, required, candidates=[(candidate,)])
    assert (finding.rule, finding.level) == ("invented_values", "error")
    assert finding.message == f"{candidate} makes up what nobody declared: 0 behind means no value"
    assert line in finding.help
    # What is said of all inputs is advised only where no fact of this one says it.
    assert "--pad-value" not in finding.help


def test_it_is_an_assumption_once_the_policy_accepts_it(found, made):
    pad = made("pad", "int32[?, 9]", value=0)
    for policy in (Policy(assume="warn"), Policy(pad_value=0)):
        assert "warning assumed" in found("int32[?, 8]", "int32[?, 9]", pad, policy=policy)
    assert "error assumed" in found("int32[?, 8]", "int32[?, 9]", pad, policy=Policy(pad_value=0, assume="error"))


def test_a_plan_that_an_example_chose_assumes_it(match, made):
    chosen = match("int32[?, 8]", "int32[?, 9]", made("pad", "int32[?, 9]", value=0))
    assert [one.rule for one in assumed.find(chosen)] == ["assumed"]
    assert list(invented_values.find(chosen)) == []


def test_what_all_candidates_make_up_is_told_once(match, made, step):
    pad = made("pad", "int32[?, 9]", value=0)
    tied = match("int32[?, 8]", "float32[?, 9]", candidates=[(pad, step("cast", "float32[?, 9]")), (pad,)])
    assert [one.place for one in invented_values.find(tied)] == ["x"]


def test_where_assumptions_are_errors_only_a_fact_says_what_fills(match, made):
    (finding,) = invented_values.find(
        match(
            "int32[?, 8]",
            "int32[?, 9]",
            candidates=[(made("pad", "int32[?, 9]", value=0),)],
            policy=Policy(assume="error"),
        )
    )
    assert (
        finding.help
        == """where they are short rows declare what fills them, as with --fact 'consumer.x.padding={"value":0}'"""
    )


@pytest.mark.parametrize("facts", [{}, {"producer": {"img": {"channel_order": "RGBA"}}}])
def test_four_channels_are_not_gray(facts):
    """keras-flask-deploy-webapp 23: a picture of RGBA, without a batch, into RGB was told to be declared gray."""
    pair = ({"img": "uint8[28, 28, 4]"}, {"x": "float32[?, 28, 28, 3]"})
    report = sigcheck.check(*pair, facts=facts, verify="typed")
    (finding,) = [one for one in report.findings if one.rule == "invented_values"]
    declared = "" if facts else "--fact producer.img.channel_order=RGBA and "
    assert finding.help.startswith(
        "where the fourth channel says how opaque a picture is, leave it out, with "
        f"{declared}--fact consumer.x.channel_order=RGB and --loss x=truncating"
    )
    followed = {"producer": {"img": {"channel_order": "RGBA"}}, "consumer": {"x": {"channel_order": "RGB"}}}
    report = sigcheck.check(*pair, facts=followed, policy=sigcheck.Policy(loss="truncating"), verify="typed")
    assert [step.transform for step in report.bindings[0].plan.steps] == ["expand_dims", "drop_alpha", "cast"]
