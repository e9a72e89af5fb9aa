from __future__ import annotations

import subprocess
import sys

import pytest

from sigcheck.planning.explained import search
from sigcheck.planning.grow import MOST_GOALS, grow
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.transforms import BY_NAME


def test_nothing_to_do_loads_no_growth():
    code = (
        "import sys; from sigcheck.planning.explained import search; from sigcheck.schema.notation import parse_spec; "
        "print(search(parse_spec('int8[1]'), parse_spec('int8[?]')).verdict, 'sigcheck.planning.growth' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["fits", "False"]


def test_an_unknown_dtype_is_undecided():
    assert search(parse_spec("unknown[?]"), parse_spec("int8[?]")).verdict == "undecided"


def test_the_graph_has_a_step_and_a_cost_on_each_edge():
    graph = search(parse_spec("float64[?, 10]"), parse_spec("float32[?, 1, 10]")).graph
    assert graph.number_of_edges() >= 2
    assert all(edge["step"].cost == edge["cost"] for _, _, edge in graph.edges(data=True))


def test_origins_of_facts_decide_nothing():
    spec = parse_spec("float32[?]").replace(facts=Facts(range=(0, 1)))
    declared = spec.replace(facts=spec.facts.with_origin("declared"))
    goal = parse_spec("float32[?, 1]")
    assert search(declared, goal).plan == search(spec, goal).plan


def test_a_policy_that_excludes_everything_blocks_and_says_what_it_would_take():
    policy = Policy(loss="exact", guard=False, deny=tuple(BY_NAME))
    outcome = search(parse_spec("float64[?, 10]"), parse_spec("float32[?, 1, 10]"), policy)
    assert (outcome.verdict, outcome.plan) == ("blocked", None)
    assert {step.transform for step in outcome.nearest.steps} == {"cast", "expand_dims"}


def test_what_is_ambiguous_with_guards_is_ambiguous_without_them():
    """Also where the one plan that nothing ties with is denied."""
    padded = Facts(channel_order="RGB", padding=Padding(value=0, side="pre"))
    provided, required = parse_spec("uint8[3, 6, 4, ?]"), parse_spec("uint64[3, 1, 2, 3, 4, ?]").replace(facts=padded)
    verdicts = {
        guard: search(provided, required, Policy(loss="truncating", guard=guard, deny=("reshape",))).verdict
        for guard in (True, False)
    }
    assert verdicts == {True: "undecided", False: "undecided"}


def test_a_growth_that_was_stopped_is_undecided_and_never_blocked():
    growth = grow(parse_spec("float32[?, 4, 4, 8]"), parse_spec("float32[?, 128]"), DEFAULT_POLICY, limit=0)
    assert growth.is_stopped
    assert growth.goals == []
    outcome = search(parse_spec("int16[8, 1, 2, 3]"), parse_spec("int16[?, 2, 4, 1, 2, 1]"), Policy(deny=("pad",)))
    assert outcome.is_stopped == (outcome.verdict == "undecided")


def test_a_plan_whose_cast_comes_last_is_found():
    facts = Facts(range=(-1, 1), channel_order="RGB", axes=("height", "width", "channel"))
    other = Facts(range=(0, 1), channel_order="BGR", axes=("batch", "channel", "height", "width"))
    provided = parse_spec("float32[?, ?, 3]").replace(facts=facts)
    outcome = search(provided, parse_spec("float64[1, 3, ?, ?]").replace(facts=other))
    assert [step.transform for step in outcome.plan.steps][-2:] == ["scale", "cast"]


def test_ties_are_bounded():
    growth = grow(parse_spec("float32[?, ?, ?, ?]"), parse_spec("float32[?, ?, ?, ?, ?, ?, ?, ?]"), DEFAULT_POLICY)
    assert growth.is_stopped
    assert len(growth.goals) == MOST_GOALS


@pytest.mark.parametrize("rank", [9, 40, 254])
def test_any_rank_is_planned(rank):
    sizes = ", ".join(["?", *["2"] * (rank - 1)])
    assert search(parse_spec(f"float64[{sizes}]"), parse_spec(f"float32[{sizes}]")).verdict == "adapts"
    assert search(parse_spec(f"float32[{sizes}]"), parse_spec("float32[?, 3]")).plan is None


def test_where_a_transform_met_a_limit_of_its_own_no_way_is_not_a_fact():
    many = parse_spec(f"int32[{', '.join('2' * 17)}]")
    outcome = search(many, parse_spec("int32[131072]"))
    assert (outcome.verdict, outcome.is_stopped, outcome.growth.is_stopped) == ("undecided", True, False)
    # What is certain from the specs alone stays so.
    assert search(many, parse_spec("string[131072]")).verdict == "blocked"


def test_an_order_of_many_axes_is_found_beside_one_of_unknown_size():
    outcome = search(parse_spec("int32[2, 3, 4, 5, 6, 7, ?]"), parse_spec("int32[7, 6, 5, 4, 3, 2, 9]"))
    assert {step.transform for step in outcome.plan.steps} == {"transpose", "ensure_shape"}


def test_what_no_limit_kept_back_is_blocked():
    outcome = search(parse_spec("int32[2, 3, 4, 5, 6, 7]"), parse_spec("int32[7, 6, 21, 3, 2]"))
    assert (outcome.verdict, outcome.is_stopped) == ("blocked", False)


def test_axes_of_one_entry_beside_a_conversion_of_all_facts_meet_no_limit():
    axes = (("channel", "feature"), ("batch", "feature", "width", "channel"))
    scales = {"scale": [1.0, 1.25, 1.25, 1.25], "zero_point": [1, 1, 1, 1], "axis": 1}
    given = {"axes": axes[0], "range": (0, 6), "normalization": {"mean": 3, "std": 1.5}}
    wanted = {"axes": axes[1], "range": (0, 255), "quantization": scales}
    outcome = search(
        parse_spec("float16[3, 4]").replace(facts=Facts.model_validate(given)),
        parse_spec("uint8[1, 4, 1, 3]").replace(facts=Facts.model_validate(wanted)),
    )
    assert (outcome.verdict, outcome.is_stopped) == ("adapts", False)


def test_what_one_of_two_denied_transforms_would_make_a_tie_is_one():
    """Denied both they leave one plan, and denied none a cheaper one: with either alone two tie."""
    provided, required = parse_spec("int32[6, 4]"), parse_spec("sparse int32[2, 2, ?]")
    policy = Policy(loss="irreversible", assume="warn", deny=("transpose",))
    assert search(provided, required, policy).verdict == "undecided"
    assert (
        search(provided, required, policy.model_copy(update={"deny": ("transpose", "reshape")})).verdict == "undecided"
    )


def test_what_makes_values_up_behind_a_guard_is_not_forbidden_with_the_guard():
    provided, required = parse_spec("string[0, 1, ?, 3]"), parse_spec("string[0, 1, 0, ?, 3]")
    policy = Policy(loss="irreversible", deny=("ensure_shape",), pad_side="pre")
    for one in (policy, policy.model_copy(update={"guard": False})):
        assert search(provided, required, one).verdict == "undecided"


@pytest.mark.parametrize("shapes", [("[?, 16]", "[?, 1, 10]"), ("[1, 16]", "[1, 1, 1, 10]"), ("[16]", "[1, 1, 10]")])
def test_axes_of_one_entry_are_no_limit_of_the_search(shapes):
    outcome = search(*(parse_spec(f"float32{shape}") for shape in shapes))
    assert (outcome.verdict, outcome.is_stopped) == ("blocked", False)


def test_many_new_axes_among_named_ones_that_move_meet_no_limit():
    given = parse_spec("float32[3, 4, 2, 2]").replace(facts=Facts(axes=("channel", "time", "part", "level")))
    names = ("time", "width", "feature", "part", "height", "frame", "channel", "level")
    outcome = search(given, parse_spec("float32[4, 1, 1, 2, 1, 1, 3, 2]").replace(facts=Facts(axes=names)))
    assert (outcome.verdict, outcome.is_stopped) == ("adapts", False)
    assert [step.transform for step in outcome.plan.steps] == ["transpose", *["expand_dims"] * 4]


@pytest.mark.parametrize("gives", [{"range": (0, 255)}, {"normalization": {"mean": [3, 2, 1], "std": [1, 2, 3]}}])
@pytest.mark.parametrize("side", ["post", "pre"])
def test_rows_of_entries_are_freed_of_their_filling_before_each_channel_has_a_mean_of_its_own(gives, side):
    # Filled with one number they would be filled with as many as there are channels.
    numbers = {"mean": [1, 2, 3], "std": [2, 3, 4], "raw_range": (0, 255)}
    raw = {"raw_range": (0, 255)} if "normalization" in gives else {}
    told = {name: {**value, **raw} if isinstance(value, dict) else value for name, value in gives.items()}
    ours = Facts.model_validate({**told, "padding": {"value": 0, "side": side}})
    theirs = Facts.model_validate({"normalization": numbers})
    for dtype in ("float32", "float16"):
        padded, rows = parse_spec(f"{dtype}[?, 5, 3]"), parse_spec(f"ragged {dtype}[?, None, 3]")
        outcome = search(padded.replace(facts=ours), rows.replace(facts=theirs))
        assert outcome.verdict == "adapts"
        assert outcome.plan.steps[0].transform == "dense_to_ragged"


def test_rows_of_entries_keep_the_scales_of_their_channels():
    stored = {"quantization": {"scale": [0.1, 0.2, 0.3], "zero_point": [0, 1, 2], "axis": 2}}
    codes = parse_spec("ragged int8[?, None, 3]").replace(facts=Facts.model_validate(stored))
    real = parse_spec("ragged float32[?, None, 3]").replace(facts=Facts(range=(-12, 12)))
    padded = parse_spec("int8[?, 5, 3]").replace(facts=Facts.model_validate({**stored, "padding": {"value": 0}}))
    assert [search(*pair).verdict for pair in ((codes, real), (real, codes), (padded, codes), (padded, real))] == [
        "adapts"
    ] * 4


@pytest.mark.parametrize("name", ["crop", "resize"])
def test_of_plans_that_tie_the_one_is_meant_that_is_named(name):
    axes = Facts(axes=("batch", "height", "width", "channel"))
    sides = (parse_spec(f"float32[?, {size}, {size}, 3]").replace(facts=axes) for size in (8, 6))
    provided, required = sides
    assert search(provided, required, Policy(loss="truncating")).verdict == "undecided"
    found = search(provided, required, Policy(loss="truncating", allow=(name,)))
    assert (found.verdict, [step.transform for step in found.plan.steps]) == ("adapts", [name])
    assert search(provided, required, Policy(allow=(name,))).verdict == "blocked"
    both = search(provided, required, Policy(loss="truncating", allow=("crop", "resize")))
    assert both.verdict == "undecided"


def test_what_makes_values_up_is_not_meant_for_being_named():
    sides = parse_spec("float32[?, 224, 224, 3]"), parse_spec("float32[?, 299, 299, 3]")
    assert search(*sides).verdict == "undecided"
    assert search(*sides, Policy(allow=("pad",))).verdict == "undecided"
