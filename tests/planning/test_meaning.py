from __future__ import annotations

import pytest

from sigcheck.planning.meaning import after, mean_the_same, meaning_of, no_change
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Normalization, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import BY_NAME


def chain(start, *named):
    """The steps by name, each with the spec toward which it is proposed, and their meaning."""
    spec = first = parse_spec(start)
    meaning, steps = no_change(spec), []
    for name, goal in named:
        step = next(iter(BY_NAME[name].propose(spec, parse_spec(goal))))
        steps.append(step)
        meaning = None if meaning is None else after(meaning, spec, step, first.shape)
        spec = step.result
    return meaning, tuple(steps), first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A cast and a move of axes in either order.
        (
            [("cast", "float16[?, 3, 8]"), ("transpose", "float16[?, 3, 8]")],
            [("transpose", "float32[?, 3, 8]"), ("cast", "float16[?, 3, 8]")],
        ),
        # There and back again is where it started.
        ([], [("transpose", "float32[?, 3, 8]"), ("transpose", "float32[?, 8, 3]")]),
        # Padding an axis before or after it has moved.
        (
            [("pad", "float32[?, 9, 3]"), ("transpose", "float32[?, 3, 9]")],
            [("transpose", "float32[?, 3, 8]"), ("pad", "float32[?, 3, 9]")],
        ),
    ],
)
def test_orders_that_mean_the_same_have_one_meaning(one, other):
    assert chain("float32[?, 8, 3]", *one)[0] == chain("float32[?, 8, 3]", *other)[0]


def told(dtype, axes, **facts):
    return parse_spec(dtype).replace(facts=Facts(axes=tuple(axes), **facts))


def run_through(spec, *named):
    """The meaning of steps by name, each toward a spec of its own."""
    steps, first = [], spec
    for name, goal in named:
        steps.append(next(iter(BY_NAME[name].propose(spec, goal))))
        spec = steps[-1].result
    return meaning_of(tuple(steps), first)


def test_a_step_along_an_axis_does_the_same_wherever_the_axis_stands():
    logits = told("float32[?, 5]", ("batch", "class"), meaning="logits")
    upright = told("float32[5, ?]", ("class", "batch"), meaning="logits")
    shares = told("float32[5, ?]", ("class", "batch"), meaning="probabilities")
    lying = told("float32[?, 5]", ("batch", "class"), meaning="probabilities")
    first = run_through(logits, ("activation", lying), ("transpose", shares))
    then = run_through(logits, ("transpose", upright), ("activation", shares))
    assert first != then
    assert mean_the_same(first, then)
    # Along the other axis it is another function, and behind a conversion one of other numbers.
    along_rows = told("float32[?, 5]", ("class", "batch"), meaning="logits")
    columns = told("float32[?, 5]", ("class", "batch"), meaning="probabilities")
    other = run_through(along_rows, ("activation", columns), ("transpose", lying))
    scaled = told("float32[?, 5]", ("batch", "class"), meaning="logits", normalization=Normalization(mean=1, std=2))
    after_it = run_through(scaled, ("destandardize", lying), ("activation", lying), ("transpose", shares))
    assert not mean_the_same(first, other)
    assert not mean_the_same(first, after_it)


def test_along_axes_that_hold_copies_a_step_does_another_thing_each():
    """Of three copies each is a third, of four a quarter, and neither axis is made of one that was there."""
    steps = []
    for names in (("batch", "class", "other"), ("batch", "other", "class")):
        spec, found = told("float32[?, 1, 1]", names, meaning="logits"), []
        for name, shape in (("repeat", "[?, 3, 1]"), ("repeat", "[?, 3, 4]"), ("activation", "[?, 3, 4]")):
            found.append(
                next(iter(BY_NAME[name].propose(spec, told(f"float32{shape}", names, meaning="probabilities"))))
            )
            spec = found[-1].result
        steps.append(tuple(found))
    lone = parse_spec("float32[?, 1, 1]")
    one, other = (meaning_of(found, lone) for found in steps)
    assert not mean_the_same(one, other)
    assert mean_the_same(one, one)


@pytest.mark.parametrize(("given", "is_same"), [("ragged int32[?, None]", True), ("int32[?, 9]", False)])
def test_where_rows_end_is_the_same_whatever_the_values_are(given, is_same):
    spec, floats = parse_spec(given), parse_spec(given.replace("int32", "float32"))
    if spec.kind == "dense":
        spec, floats = (one.replace(facts=Facts(padding=Padding(value=0))) for one in (spec, floats))
    lengths = parse_spec("int64[?]").replace(facts=Facts(meaning="lengths"))
    plain, cast = run_through(spec, ("lengths", lengths)), run_through(spec, ("cast", floats), ("lengths", lengths))
    assert plain != cast
    assert mean_the_same(plain, cast) is is_same


def test_a_merge_after_a_move_means_something_else():
    merged = chain("float32[?, 4, 8]", ("reshape", "float32[?, 32]"))[0]
    moved = chain("float32[?, 4, 8]", ("transpose", "float32[?, 8, 4]"), ("reshape", "float32[?, 32]"))[0]
    assert merged != moved


def test_a_split_and_its_merge_back_is_no_change():
    meaning, steps, first = chain("float32[?, 32]", ("reshape", "float32[?, 4, 8]"), ("reshape", "float32[?, 32]"))
    assert meaning == no_change(first)
    assert meaning_of(steps, first) is not None


def test_a_merge_of_parts_of_two_axes_is_a_scramble():
    meaning, steps, first = chain(
        "float32[?, 6, 4]", ("reshape", "float32[?, 2, 3, 4]"), ("reshape", "float32[?, 2, 12]")
    )
    assert meaning is None
    assert meaning_of(steps, first) is None


def test_an_axis_of_one_entry_moves_for_nothing():
    named = parse_spec("int32[1, 3, 3, 3]").replace(facts=Facts(axes=("width", None, "height", None)))
    goal = parse_spec("int32[3, 1, 1, 9]").replace(facts=Facts(axes=(None, "batch", "width", "feature")))
    plan = search(named, goal).plan
    assert [step.transform for step in plan.steps] == ["transpose", "reshape"]
    assert plan.cost.assumptions == 0
    assert not any(step.assumption for step in plan.steps)
