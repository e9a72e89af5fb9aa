"""Examples of what is joined and parted: the way that makes the example is the one."""

from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.example import Example
from sigcheck.planning.fans import Joined
from sigcheck.planning.joined_example import _narrowed
from sigcheck.planning.matching import feed
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint

RANDOM = np.random.default_rng(7)


def ends(specs):
    made = []
    for name, written in specs.items():
        text, facts = written if isinstance(written, tuple) else (written, {})
        made.append(Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts.model_validate(facts))))
    return made


def drawn(*shape, dtype=np.float32):
    return RANDOM.normal(size=shape).astype(dtype)


def decided(outputs, inputs, told, provided, required, **policy):
    example = Example(provided, required, "pair.npz")
    return feed(ends(outputs), ends(inputs), told, Policy(**policy), example)


def story(match):
    return [
        *((one.verdict, one.provided, [str(step) for step in one.steps]) for one in match.bindings),
        *((one.verdict, [*map(str, one.ways)]) for one in match.unjoined),
    ]


SQUARE = {"a": "float32[2, 2]", "b": "float32[2, 2]"}
STACKED = {"a": "float32[?, 2]", "b": "float32[?, 2]"}
A, B = drawn(2, 2), drawn(2, 2)
BOTH = {"a": "x", "b": "x"}


@pytest.mark.parametrize("axis", [0, 1])
def test_the_axis_along_which_the_example_is_joined_is_the_one(axis):
    given = {"a": "float32[?, ?]", "b": "float32[?, ?]"}
    required = {"x": "float32[?, ?]"}
    assert story(decided(given, required, BOTH, {}, {})) == [
        ("undecided", ["concat(a, b, axis=0)", "concat(a, b, axis=1)"])
    ]
    made = np.concatenate([A, B], axis)
    ((verdict, name, _),) = story(decided(given, required, BOTH, {"a": A, "b": B}, {"x": made}))
    # The sizes beside the axis are those of one batch, or must be found equal.
    assert (verdict, name) == ("adapts" if axis else "guarded", f"concat(a, b, axis={axis})")


@pytest.mark.parametrize("axis", [1, 2])
def test_the_place_of_a_new_axis_is_decided(axis):
    match = decided(STACKED, {"x": "float32[?, 2, 2]"}, BOTH, {"a": A, "b": B}, {"x": np.stack([A, B], axis)})
    assert story(match) == [("adapts", f"stack(a, b, axis={axis})", [f"stack(axis={axis})"])]


def test_the_order_is_that_of_the_binding():
    given = {"b": "x", "a": "x"}
    match = decided(STACKED, {"x": "float32[?, 2, 2]"}, given, {"a": A, "b": B}, {"x": np.stack([B, A], 1)})
    assert story(match) == [("adapts", "stack(b, a, axis=1)", ["stack(axis=1)"])]
    with pytest.raises(
        UsageError,
        match=r"pair.npz for x: nothing that is bound makes the required array of a and b; "
        r"the nearest is stack\(a, b, axis=[12]\) \(stack\(axis=[12]\)\): \d of 8 values differ",
    ):
        decided(STACKED, {"x": "float32[?, 2, 2]"}, BOTH, {"a": A, "b": B}, {"x": np.stack([B, A], 1)})


def test_an_example_that_several_ways_make_decides_nothing():
    same = np.zeros((2, 2), np.float32)
    match = decided(STACKED, {"x": "float32[?, 2, 2]"}, BOTH, {"a": same, "b": same}, {"x": np.zeros((2, 2, 2))})
    assert story(match) == [("undecided", ["stack(a, b, axis=1)", "stack(a, b, axis=2)"])]


def test_a_way_that_nobody_could_be_sure_of_is_taken_where_it_makes_the_example():
    given, required = {"a": "float32[?, 3]", "b": "float32[?, 3]"}, {"x": "float32[?, 3]"}
    one, other = drawn(2, 3), drawn(4, 3)
    match = decided(given, required, BOTH, {"a": one, "b": other}, {"x": np.concatenate([one, other])})
    assert story(match) == [("adapts", "concat(a, b, axis=0)", ["concat(axis=0)"])]


@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        (lambda a: (a[:2], a[2:]), "split(a, axis=0)"),
        (lambda a: (a[:, :2], a[:, 2:]), "split(a, axis=1)"),
    ],
)
def test_how_one_output_is_parted_is_decided(pick, expected):
    whole = drawn(4, 4)
    pieces = pick(whole)
    given = {"a": "float32[4, 4]"}
    required = {"x": "float32[?, ?]", "y": "float32[?, ?]"}
    sized = {"x": f"float32{list(pieces[0].shape)}", "y": f"float32{list(pieces[1].shape)}"}
    del required
    match = decided(given, sized, {"a": ["x", "y"]}, {"a": whole}, dict(zip("xy", pieces, strict=True)))
    assert {name.partition("[")[0] for _, name, _ in story(match)} == {expected}


def test_an_input_that_no_plan_leads_to_is_no_miss():
    whole = drawn(2, 3)
    required = {"x": whole[0], "y": np.zeros((5, 1), np.int64)}
    inputs = {"x": "float32[3]", "y": "int64[5, 1]"}
    match = decided({"a": "float32[2, 3]"}, inputs, {"unstack(a, axis=0)": ["x", "y"]}, {"a": whole}, required)
    assert [one.verdict for one in match.bindings] == ["adapts", "blocked"]


def test_shared_or_parted_is_decided():
    given, required = {"a": "float32[?, 2, 3]"}, {"x": "float32[?, 3]", "y": "float32[?, 3]"}
    told = {"a": ["x", "y"]}
    whole = drawn(4, 2, 3)
    parted = decided(given, required, told, {"": whole}, {"x": whole[:, 0], "y": whole[:, 1]})
    assert [name for _, name, _ in story(parted)] == ["unstack(a, axis=1)[0]", "unstack(a, axis=1)[1]"]


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        (lambda whole: whole.transpose(0, 3, 1, 2), ["concat(axis=0)", "transpose(perm=[0, 3, 1, 2])"]),
        (lambda whole: whole, ["concat(axis=0)", "ensure_shape(shape=[?, 3, ?, 3])"]),
    ],
)
def test_the_plan_behind_a_junction_is_decided(change, steps):
    given, required = {"a": "float32[?, ?, ?, 3]", "b": "float32[?, ?, ?, 3]"}, {"x": "float32[?, 3, ?, ?]"}
    told = {"concat(a, b, axis=0)": "x"}
    assert story(decided(given, required, told, {}, {}))[0][0] == "undecided"
    one, other = drawn(2, 3, 3, 3), drawn(1, 3, 3, 3)
    match = decided(given, required, told, {"a": one, "b": other}, {"x": change(np.concatenate([one, other]))})
    assert story(match) == [("guarded", "concat(a, b, axis=0)", steps)]
    assert match.outcomes[0].plan == match.bindings[0].plan


def test_what_is_sure_is_held_against_the_example():
    given, required = {"a": "float32[?, 3]", "b": "float32[?, 5]"}, {"x": "float32[?, 8]"}
    one, other = drawn(2, 3), drawn(2, 5)
    good = np.concatenate([one, other], 1)
    assert story(decided(given, required, BOTH, {"a": one, "b": other}, {"x": good}))[0][0] == "adapts"
    with pytest.raises(UsageError, match=r"nearest is concat\(a, b, axis=1\) \(concat\(axis=1\)\): 1 of 16 values"):
        decided(given, required, BOTH, {"a": one, "b": other}, {"x": np.where(good == good[0, 0], 9, good)})


def test_a_guard_that_the_example_breaks_is_no_way_to_it():
    given, required = {"a": "float32[?, ?, 3]", "b": "float32[?, ?, 5]"}, {"x": "float32[?, ?, 8]"}
    with pytest.raises(UsageError, match="its guard fails"):
        decided(given, required, BOTH, {"a": drawn(2, 4, 3), "b": drawn(2, 5, 5)}, {"x": drawn(2, 4, 8)})


def test_an_example_of_another_input_decides_nothing_here():
    match = decided(STACKED, {"x": "float32[?, 2, 2]"}, BOTH, {"c": A}, {"y": A})
    assert story(match)[0][0] == "undecided"


def test_a_policy_that_leaves_one_way_does_not_choose_it_but_an_example_does():
    given, required = {"a": "float32[2, 2]", "b": "float32[2, 2]"}, {"x": "float32[*]"}
    told = {"a": "x", "b": "x"}
    open_ways = story(decided(given, required, told, {}, {}, deny=("stack",)))
    assert open_ways[0][0] == "undecided"
    match = decided(given, required, told, {"a": A, "b": B}, {"x": np.concatenate([A, B], 1)}, deny=("stack",))
    assert story(match)[0][1] == "concat(a, b, axis=1)"


@pytest.mark.parametrize(
    ("provided", "required", "problem"),
    [
        ({"a": A}, {"x": A}, "no array 'provided.b', expected one each of a, b"),
        ({"": A}, {"x": A}, "an array 'provided', expected provided.a and provided.b"),
        ({"a": A, "b": drawn(3)}, {"x": A}, r"pair.npz for x from b: the provided array is float32\[3\], expected"),
        ({"a": A, "b": B.astype(np.float64)}, {"x": A}, r"float64\[2, 2\], expected float32\[\?, 2\]"),
    ],
)
def test_an_example_that_is_not_whole_is_refused(provided, required, problem):
    with pytest.raises(UsageError, match=problem):
        decided(STACKED, {"x": "float32[?, 2, 2]"}, BOTH, provided, required)


def test_a_bare_required_array_stands_for_one_input_only():
    with pytest.raises(UsageError, match=r"an array 'required', expected required.x and required.y"):
        decided(
            {"a": "float32[?, 2, 3]"},
            {"x": "float32[?, 3]", "y": "float32[?, 3]"},
            {"a": ["x", "y"]},
            {"": drawn(4, 2, 3)},
            {"": drawn(4, 3)},
        )


def test_plans_of_parts_that_cannot_be_told_apart_leave_it_undecided():
    """What was chosen before does not stand where it does not make the example."""
    example = decided(STACKED, {"x": "float32[?, 2, 2]"}, {"stack(a, b, axis=1)": "x"}, {}, {})
    (found,) = [Joined(*one) for one in zip(example.bindings, example.outcomes, strict=True)]
    casted = found.binding.parts[0].model_copy(update={"verdict": "undecided"})
    other = found.binding.model_copy(update={"parts": (casted, found.binding.parts[1])})
    step = found.binding.junction.model_copy(update={"arguments": {"axis": 2}})
    left = [Joined(one.model_copy(update={"junction": step}), found.outcome) for one in (found.binding, other)]
    narrowed = _narrowed(found, left)
    assert (narrowed.binding.verdict, narrowed.binding.plan, narrowed.outcome.plan) == ("undecided", None, None)
    assert _narrowed(found, left[:1]) is left[0]
    assert _narrowed(found, [found, *left]) is found


def test_strings_are_joined_and_compared():
    words = np.array([["a", "b"], ["c", "d"]])
    given = {"a": "string[?, 2]", "b": "string[?, 2]"}
    match = decided(
        given, {"x": "string[?, 2, 2]"}, BOTH, {"a": words, "b": words[::-1]}, {"x": np.stack([words, words[::-1]], 2)}
    )
    assert [name for _, name, _ in story(match)] == ["stack(a, b, axis=2)"]
