from __future__ import annotations

import pytest

from sigcheck.planning.matching import feed
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint

LOOSE = Policy(assume="warn")


def ends(specs, axes=None):
    found = []
    for name, text in specs.items():
        named = (axes or {}).get(name)
        spec = parse_spec(text)
        found.append(Endpoint(name=name, spec=spec if named is None else spec.replace(facts=Facts(axes=tuple(named)))))
    return found


def match(outputs, inputs, bound=None, policy=LOOSE, gives=None, wants=None):
    return feed(ends(outputs, gives), ends(inputs, wants), bound, policy)


def verdicts(found):
    return {binding.required: binding.verdict for binding in found.bindings}


TITLES = {"titles": "string[?, 3]", "user": "string[?]"}
RANKER = {"title": "string[?]", "user_id": "string[?]"}
BOUND = {"titles": "title", "user": "user_id"}


@pytest.mark.parametrize("policy", [Policy(), LOOSE, Policy(assume="error")])
def test_an_input_that_gets_more_examples_than_another_is_no_pass(policy):
    found = match(TITLES, RANKER, BOUND, policy)
    assert verdicts(found) == {"title": "undecided", "user_id": "fits"}
    (one,) = found.unshared
    assert (one.required, one.own, one.other, one.others) == (
        "title",
        "3 times the batch of titles",
        "the batch of user",
        ("user_id",),
    )


def test_inputs_that_get_the_same_of_each_output_share_it():
    found = match({"a": "string[?, 3]", "b": "string[?, 3]"}, {"a": "string[?]", "b": "string[?]"})
    assert verdicts(found) == {"a": "adapts", "b": "adapts"}


def test_one_example_beside_a_batch_is_no_pass_and_beside_one_it_is():
    inputs = {"image": "float32[?, 8, 8, 3]", "scale": "float32[?]"}
    batch = match({"image": "float32[?, 8, 8, 3]", "scale": "float32[]"}, inputs)
    assert verdicts(batch) == {"image": "fits", "scale": "undecided"}
    element = match({"image": "float32[8, 8, 3]", "scale": "float32[]"}, inputs)
    assert verdicts(element) == {"image": "adapts", "scale": "adapts"}


def test_an_input_of_another_first_axis_shares_nothing():
    outputs = {"image": "float32[?, 8, 8, 3]", "scale": "float32[]"}
    inputs = {"image": "float32[?, 8, 8, 3]", "scale": "float32[?]"}
    assert verdicts(match(outputs, inputs, wants={"scale": ["setting"]})) == {"image": "fits", "scale": "adapts"}


@pytest.mark.parametrize(
    ("sizes", "verdict"),
    [(("8", "4"), "undecided"), (("8", "8"), "fits"), (("?", "4"), "undecided"), (("1", "1"), "fits")],
)
def test_sizes_that_a_producer_gives_must_be_one(sizes, verdict):
    outputs = {name: f"float32[{size}, 3]" for name, size in zip("ab", sizes, strict=True)}
    found = match(outputs, {"a": "float32[?, 3]", "b": "float32[?, 3]"})
    assert verdicts(found) == {"a": "fits", "b": verdict}


def test_a_batch_beside_a_lone_example_is_guarded_to_be_one():
    """The consumer fails, or broadcasts, where it is not: no pass without a look at run time."""
    outputs, inputs = {"a": "float32[1, 4]", "b": "float64[?, 4]"}, {"a": "float32[?, 4]", "b": "float32[?, 4]"}
    found = match(outputs, inputs)
    assert verdicts(found) == {"a": "fits", "b": "guarded"}
    assert [str(step) for step in found.bindings[1].plan.steps] == [
        "cast(dtype=float32)",
        "ensure_shape(shape=[1, 4])",
    ]
    assert verdicts(match(outputs, inputs, policy=Policy(guard=False))) == {"a": "undecided", "b": "adapts"}
    # Three rows of each example are one example of none.
    assert "undecided" in verdicts(match({**TITLES, "user": "string[1]"}, RANKER, BOUND)).values()


def test_a_consumer_that_asks_for_one_example_beside_a_batch_says_that_they_share_none():
    specs = {"a": "float32[1, 4]", "b": "float32[?, 4]"}
    axes = {name: ["batch", "feature"] for name in specs}
    assert verdicts(match(specs, specs, gives=axes, wants=axes)) == {"a": "fits", "b": "fits"}


def test_a_batch_is_found_by_its_name_wherever_it_stands():
    found = match(
        {"states": "float32[?, 5, 4]", "mask": "float32[?, 5]"},
        {"states": "float32[5, ?, 4]", "mask": "float32[?, 5]"},
        gives={"states": ["batch", "time", "feature"], "mask": ["batch", "time"]},
        wants={"states": ["time", "batch", "feature"], "mask": ["batch", "time"]},
    )
    assert verdicts(found) == {"states": "adapts", "mask": "fits"}


def test_outputs_joined_along_the_batch_are_twice_as_many():
    outputs = {"a": "float32[?, 3]", "b": "float32[?, 3]", "user": "float32[?]"}
    inputs = {"x": "float32[?, 3]", "user_id": "float32[?]"}
    found = match(outputs, inputs, {"concat(a, b, axis=0)": "x", "user": "user_id"})
    assert verdicts(found) == {"x": "undecided", "user_id": "fits"}


def test_a_lone_input_shares_its_batch_with_nobody():
    assert verdicts(match({"titles": "string[?, 3]"}, {"title": "string[?]"})) == {"title": "adapts"}


def test_two_axes_that_one_producer_names_otherwise_are_two_batches():
    outputs, inputs = {"a": "float32[?, 4]", "b": "float32[?]"}, {"a": "float32[?, 4]", "b": "float32[?]"}
    assert verdicts(match(outputs, inputs, gives={"a": ["batch", "f"], "b": ["word"]})) == {
        "a": "fits",
        "b": "undecided",
    }
    assert verdicts(match(outputs, inputs, gives={"a": ["clip", "f"], "b": ["clip"]})) == {"a": "fits", "b": "fits"}


def test_inputs_that_the_consumer_gives_batches_of_other_sizes_share_none():
    """So a signature feeds itself, whatever it declares."""
    specs = {"width": "int64[6, 4, 3]", "text": "string[12, ?]"}
    axes = {"width": ["width", "time", "batch"], "text": ["batch", "channel"]}
    assert verdicts(match(specs, specs, gives=axes, wants=axes)) == {"width": "fits", "text": "fits"}
    # Where it leaves them open, the producer's sizes count.
    opened = {"width": "int64[6, 4, ?]", "text": "string[?, ?]"}
    assert "undecided" in verdicts(match(specs, opened, gives=axes, wants=axes)).values()


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("within", ["time", "position", "feature"])
def test_entries_of_one_example_are_no_batch_that_others_share(within, turn):
    """In either order of the outputs and of the inputs: the axis that is called batch is one."""
    named = [
        Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts(axes=(first, "f"))))
        for name, text, first in (("x", "float32[?, 10]", within), ("y", "float32[?, 3]", "batch"))
    ]
    inputs = [Endpoint(name=one.name, spec=one.spec.replace(facts=Facts())) for one in named]
    found = feed(named[::turn], inputs[::turn])
    assert verdicts(found) == {"x": "undecided", "y": "fits"}
    assert [(one.own, one.other) for one in found.unshared] == [(f"the axis {within} of x", "the batch of y")]
    # Alone they may be the examples.
    assert verdicts(feed(named[:1], inputs[:1])) == {"x": "fits"}
