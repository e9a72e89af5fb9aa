"""DESIGN.md section 4, "Settled cases": each row as it stands there, nothing declared unless said."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pytest

from sigcheck.planning.explained import search
from sigcheck.planning.matching import feed
from sigcheck.planning.unchecked import list_unchecked
from sigcheck.rules import find_all
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint


class Row(NamedTuple):
    """`plan` names the steps; `said` is what the plan costs, as (rounding, assumptions, guards)."""

    provided: str
    required: str
    verdict: str
    plan: str = ""
    said: tuple[int, int, int] = (0, 0, 0)
    gives: Mapping = MappingProxyType({})
    wants: Mapping = MappingProxyType({})


ROWS = [
    Row("float32[?, 10]", "float32[?, 1, 10]", "adapts", "expand_dims(axis=1)"),
    Row("float32[8, 8, 3]", "float32[?, 8, 8, 3]", "adapts", "expand_dims(axis=0)"),
    Row("float32[?, 8, 8, 1]", "float32[?, 8, 8]", "adapts", "squeeze(axis=3)"),
    Row("float32[?, 4, 4, 8]", "float32[?, 128]", "adapts", "reshape(shape=[?, 128], groups=[[0], [1, 2, 3]])"),
    Row(
        "float32[?, 128]",
        "float32[?, 4, 4, 8]",
        "adapts",
        "reshape(shape=[?, 4, 4, 8], groups=[[0], [1], [1], [1]])",
        (0, 1, 0),
    ),
    Row("float64[?, 16]", "float32[?, 16]", "adapts", "cast(dtype=float32)", (1, 0, 0)),
    Row("float32[?, 16]", "float16[?, 16]", "adapts", "cast(dtype=float16)", (1, 0, 0)),
    Row("int64[?, 16]", "int32[?, 16]", "guarded", "cast(dtype=int32, check=True)", (0, 0, 1)),
    Row("int64[?, 16]", "int32[?, 16]", "adapts", "cast(dtype=int32)", gives={"range": (0, 1000)}),
    Row("int64[?, 16]", "int32[?, 16]", "adapts", "cast(dtype=int32)", gives={"id_count": 30522}),
    Row("uint8[?, 8, 8, 3]", "float32[?, 8, 8, 3]", "adapts", "cast(dtype=float32)"),
    Row("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]", "adapts", "transpose(perm=[0, 3, 1, 2])", (0, 1, 0)),
    Row(
        "float32[?, 8, 8, 1]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "gray_to_rgb(axis=3)",
        gives={"channel_order": "GRAY"},
        wants={"channel_order": "RGB"},
    ),
    Row(
        "int32[?, 100]",
        "int32[?, 128]",
        "adapts",
        "pad(sizes=[?, 128], value=0, side=post)",
        wants={"padding": {"value": 0, "side": "post"}},
    ),
    Row("float32[?, 16]", "float32[1, 16]", "guarded", "ensure_shape(shape=[1, 16])", (0, 0, 1)),
    Row("int32[?, ?]", "int32[?, 128]", "guarded", "ensure_shape(shape=[?, 128])", (0, 0, 1)),
    Row("float32[*]", "float32[?, 16]", "guarded", "ensure_shape(shape=[?, 16])", (0, 0, 1)),
    Row("float32[1, 16]", "float32[?, 16]", "fits", "nothing to do"),
    Row(
        "uint8[?, 3]",
        "float32[?, 3]",
        "adapts",
        "cast(dtype=float32), scale(from=[0, 255], to=[0, 1])",
        (1, 0, 0),
        gives={"range": (0, 255)},
        wants={"range": (0, 1)},
    ),
    Row(
        "uint8[?, 3]",
        "float16[?, 3]",
        "adapts",
        "cast(dtype=float32), scale(from=[0, 255], to=[0, 1]), cast(dtype=float16)",
        (2, 0, 0),
        gives={"range": (0, 255)},
        wants={"range": (0, 1)},
    ),
    Row(
        "float32[?, 10]",
        "float32[?, 10]",
        "adapts",
        "activation(function=softmax, axis=1)",
        (1, 0, 0),
        gives={"meaning": "logits"},
        wants={"meaning": "probabilities"},
    ),
    Row("float32[?, 10]", "float32[?, 10]", "fits", "nothing to do", gives={"meaning": "logits"}),
]


def spec_of(text, facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


def name(row):
    return f"{row.provided} {dict(row.gives) or ''} -> {row.required} {dict(row.wants) or ''}"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_settled_with_a_plan(row):
    outcome = search(spec_of(row.provided, row.gives), spec_of(row.required, row.wants))
    assert (outcome.verdict, str(outcome.plan), outcome.plan.cost.meaning) == (
        row.verdict,
        row.plan,
        (0, 0, 0, *row.said),
    )


@pytest.mark.parametrize(
    ("provided", "required", "candidate", "accepting"),
    [
        ("float32[?, 8, 8, 1]", "float32[?, 8, 8, 3]", "repeat(axis=3, count=3)", Policy(assume="warn")),
        ("int32[?, 100]", "int32[?, 128]", "pad(sizes=[?, 128], value=0, side=post)", Policy(pad_value=0)),
        ("float32[?, 10]", "float32[?, 11]", "pad(sizes=[?, 11], value=0, side=post)", Policy(pad_value=0)),
        (
            "float32[?, 32]",
            "float32[?, 40, 32]",
            "expand_dims(axis=1), repeat(axis=1, count=40)",
            Policy(assume="warn"),
        ),
        ("float32[?, 1000]", "float32[?]", "reshape(shape=[?], groups=[[0, 1]])", Policy(assume="warn")),
    ],
)
def test_settled_as_undecided_for_what_is_made_up(provided, required, candidate, accepting):
    outcome = search(parse_spec(provided), parse_spec(required))
    assert (outcome.verdict, outcome.plan, [str(plan) for plan in outcome.candidates]) == (
        "undecided",
        None,
        [candidate],
    )
    accepted = search(parse_spec(provided), parse_spec(required), accepting)
    assert (accepted.verdict, str(accepted.plan)) == ("adapts", candidate)


def test_frames_that_are_the_batch_are_stacked_where_the_axes_say_so():
    provided = spec_of("float32[?, 32]", {"axes": ["time", "feature"]})
    outcome = search(provided, spec_of("float32[?, 40, 32]", {"axes": ["batch", "time", "feature"]}))
    assert (outcome.verdict, [step.transform for step in outcome.plan.steps]) == (
        "guarded",
        ["expand_dims", "ensure_shape"],
    )


@pytest.mark.parametrize(
    ("provided", "required", "candidates"),
    [
        (
            "float32[?, ?, ?, 3]",
            "float32[?, 3, ?, ?]",
            ["ensure_shape(shape=[?, 3, ?, 3])", "transpose(perm=[0, 3, 1, 2])"],
        ),
        (
            "float32[?, 224, 224, 3]",
            "float32[?, 299, 299, 3]",
            ["resize(size=[299, 299], method=bilinear)", "pad(sizes=[?, 299, 299, ?], value=0, side=post)"],
        ),
    ],
)
def test_settled_as_undecided(provided, required, candidates):
    outcome = search(parse_spec(provided), parse_spec(required))
    assert (outcome.verdict, outcome.plan) == ("undecided", None)
    assert [str(plan) for plan in outcome.candidates] == candidates


@pytest.mark.parametrize(
    ("provided", "required", "nearest"),
    [
        ("float32[?, 16]", "int32[?, 16]", "cast(dtype=int32)"),
        ("int32[?, 128]", "int32[?, 100]", "truncate(sizes=[?, 100], side=post)"),
    ],
)
def test_settled_as_blocked_for_what_would_be_cut(provided, required, nearest):
    blocked = search(parse_spec(provided), parse_spec(required))
    assert (blocked.verdict, blocked.plan, str(blocked.nearest)) == ("blocked", None, nearest)
    opened = search(parse_spec(provided), parse_spec(required), Policy(loss="truncating"))
    assert (opened.verdict, str(opened.plan)) == ("adapts", nearest)


def test_ids_beyond_the_vocabulary_are_blocked_and_guarded_only_by_permission():
    provided, required = (
        spec_of("int32[?, 16]", {"meaning": "token_ids", "id_count": count}) for count in (50000, 30522)
    )
    assert search(provided, required).verdict == "blocked"
    allowed = search(provided, required, Policy(allow=("guard_ids",)))
    assert (allowed.verdict, [step.transform for step in allowed.plan.steps]) == ("guarded", ["guard_ids"])


def test_the_other_orders_of_the_axes_are_alternatives_and_a_reshape_never_is():
    outcome = search(parse_spec("float32[?, 8, 8, 3]"), parse_spec("float32[?, 3, 8, 8]"))
    assert [str(plan) for plan in outcome.alternatives] == ["transpose(perm=[0, 3, 2, 1])"]


def test_padding_and_truncation_are_named_beside_the_guard():
    outcome = search(parse_spec("int32[?, ?]"), parse_spec("int32[?, 128]"))
    assert {step.transform for plan in outcome.alternatives for step in plan.steps} >= {"pad", "truncate"}


def test_two_outputs_of_one_spec_bind_by_name_only():
    def match(*names):
        inputs = [Endpoint(name=one, spec=parse_spec("float32[?, 64]")) for one in ("query", "document")]
        return feed([Endpoint(name=one, spec=parse_spec("float32[?, 64]")) for one in names], inputs)

    tied = match("output_0", "output_1")
    assert (tied.bindings, dict(tied.ambiguous)) == ((), dict.fromkeys(("query", "document"), ("output_0", "output_1")))
    assert [(one.provided, one.required) for one in match("document", "query").bindings] == [
        ("query", "query"),
        ("document", "document"),
    ]


@pytest.mark.parametrize(
    ("provided", "required", "gives", "rules"),
    [
        ("float32[?, 16]", "float16[?, 16]", {}, {"overflow_risk"}),
        ("float32[?, 16]", "float16[?, 16]", {"range": (0, 1)}, set()),
        ("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]", {}, {"assumed"}),
        ("float32[3, 8, 8, 3]", "float32[?, 3, 8, 8]", {}, {"assumed"}),
    ],
)
def test_settled_warnings(provided, required, gives, rules):
    match = feed([Endpoint(name="out", spec=spec_of(provided, gives))], [Endpoint(name="x", spec=parse_spec(required))])
    side = Side(source="model", reader="signature", key="default")
    found = find_all(MatchView(side, side, bindings=match.bindings))
    assert {finding.rule for finding in found if finding.level == "warning"} & {"overflow_risk", "assumed"} == rules


@pytest.mark.parametrize(
    ("provided", "required", "line"),
    [
        ("float32[?, 8, 8, 1]", "float32[?, 8, 8, 3]", "--fact producer.out.channel_order=GRAY"),
        ("float32[?, 8, 8, 1]", "float32[?, 8, 8, 3]", "--assume warn"),
        ("int32[?, 100]", "int32[?, 128]", "--fact 'consumer.x.padding="),
        ("float32[?, 32]", "float32[?, 40, 32]", "--fact producer.out.axes="),
        ("float32[?, 1000]", "float32[?]", "--assume warn"),
    ],
)
def test_what_is_made_up_is_an_error_that_names_the_line_which_accepts_it(provided, required, line):
    match = feed([Endpoint(name="out", spec=parse_spec(provided))], [Endpoint(name="x", spec=parse_spec(required))])
    side = Side(source="model", reader="signature", key="default")
    errors = [one for one in find_all(MatchView(side, side, bindings=match.bindings)) if one.level == "error"]
    assert [one.rule for one in errors] == ["invented_values"]
    assert line in errors[0].help


@pytest.mark.parametrize(
    ("provided", "required", "gives", "line"),
    [
        ("uint8[?, 8, 8, 3]", "float32[?, 8, 8, 3]", {}, "value range of x: not declared"),
        ("float32[?, 10]", "float32[?, 10]", {"meaning": "logits"}, "meaning of x: not declared by the consumer"),
    ],
)
def test_settled_as_unchecked(provided, required, gives, line):
    match = feed([Endpoint(name="out", spec=spec_of(provided, gives))], [Endpoint(name="x", spec=parse_spec(required))])
    assert line in list_unchecked(match.bindings)
