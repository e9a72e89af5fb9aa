from __future__ import annotations

import time

import pytest

from sigcheck.planning.binding import bind
from sigcheck.planning.matching import feed
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint


def ends(*optional, **specs):
    return [Endpoint(name=name, spec=parse_spec(text), optional=name in optional) for name, text in specs.items()]


def fed(match):
    return {one.required: one.provided for one in match.bindings}


def names(endpoints):
    return [endpoint.name for endpoint in endpoints]


def test_what_is_told_comes_first():
    outputs, inputs = ends(a="float32[?, 3]", b="float32[?, 3]"), ends(a="float32[?, 3]", b="float32[?, 3]")
    assert fed(feed(outputs, inputs, {"a": "b", "b": "a"})) == {"a": "b", "b": "a"}


def test_one_output_may_feed_two_inputs():
    match = feed(ends(a="float32[?, 3]"), ends(x="float32[?, 3]", y="float32[?, 1, 3]"), {"a": "x"})
    assert fed(match) == {"x": "a"}
    assert names(match.missing) == ["y"]


@pytest.mark.parametrize(
    ("explicit", "message"),
    [
        ({"zzz": "x"}, r"bind zzz=x: the producer has no output 'zzz'; it has 'a', 'b'\."),
        ({"a": "query_id"}, r"bind a=query_id: the consumer has no input 'query_id'; did you mean 'query_ids'\?"),
        ({"a": "x", "concat(a, b, axis=0)": "x"}, r"bind concat\(.*\)=x: the input 'x' is bound to 'a' already"),
    ],
)
def test_what_is_told_wrongly_is_refused(explicit, message):
    with pytest.raises(UsageError, match=message):
        feed(ends(a="float32[3]", b="float32[3]"), ends(x="float32[3]", query_ids="int32[3]"), explicit)


def test_the_only_pair_is_bound_whatever_its_names_and_specs():
    match = feed(ends(a="string[?]"), ends(x="float32[?]"))
    assert [(one.provided, one.verdict) for one in match.bindings] == [("a", "blocked")]


def test_an_optional_input_is_fed_by_name_only_and_never_missing():
    match = feed(ends(a="float32[?, 3]"), ends("mask", x="float32[?, 3]", mask="float32[?, 3]"))
    assert (fed(match), match.missing) == ({"x": "a"}, ())
    named = feed(ends(a="float32[?, 3]", mask="float32[?, 3]"), ends("mask", x="float32[?, 3]", mask="float32[?, 3]"))
    assert fed(named) == {"x": "a", "mask": "mask"}


def test_the_cheapest_assignment_is_taken_where_it_is_the_only_one():
    match = feed(
        ends(p="int32[?, 8]", q="float32[?, 64]", rest="string[?]"), ends(ids="int32[?, 8]", vectors="float32[?, 64]")
    )
    assert fed(match) == {"ids": "p", "vectors": "q"}
    assert names(match.unused) == ["rest"]


def test_what_nothing_can_feed_is_missing():
    match = feed(ends(p="float32[?, 8]", q="float32[?, 8]"), ends(a="string[?, 8]", b="string[?, 8]"))
    assert (names(match.missing), names(match.unused), match.ambiguous) == (["a", "b"], ["p", "q"], ())


def test_equal_specs_tie_and_the_rest_is_bound():
    match = feed(
        ends(p="float32[?, 8]", q="float32[?, 8]", r="int32[?]"),
        ends(a="float32[?, 8]", b="float32[?, 8]", c="int32[?]"),
    )
    assert fed(match) == {"c": "r"}
    assert dict(match.ambiguous) == {"a": ("p", "q"), "b": ("p", "q")}
    assert match.unused == ()


def test_one_output_for_many_inputs_is_bound_to_none_and_the_likeliest_is_named_first():
    match = feed(
        ends(pieces="ragged int64[?, None]"),
        ends(input_mask="int32[?, 16]", input_type_ids="int32[?, 16]", input_word_ids="int32[?, 16]"),
    )
    assert (match.bindings, match.ambiguous, match.unused) == ((), (), ())
    assert names(match.missing) == ["input_mask", "input_type_ids", "input_word_ids"]
    assert match.contested == (("pieces", ("input_word_ids", "input_mask", "input_type_ids")),)


def test_what_would_have_to_be_made_up_is_not_proposed():
    match = feed(
        ends(detection_classes="float32[1, 100]", detection_scores="float32[1, 100]"), ends(image="float32[?, ?, ?, 3]")
    )
    assert (names(match.missing), match.ambiguous) == (["image"], ())
    rows = feed(ends(a="int32[?, 100]", b="string[?]"), ends(tokens="int32[?, 128]"))
    assert fed(rows) == {"tokens": "a"}


def test_the_policy_reaches_every_search():
    outputs, inputs = ends(a="int32[?, 128]"), ends(x="int32[?, 100]")
    assert feed(outputs, inputs).bindings[0].verdict == "blocked"
    assert feed(outputs, inputs, policy=Policy(loss="truncating")).bindings[0].verdict == "adapts"


def test_many_without_a_name_in_common_are_not_guessed_and_take_no_time():
    outputs = ends(**{f"out_of_{at}": f"float32[?, {at}, 3]" for at in range(500)})
    inputs = ends(**{f"into_{at}": f"float32[?, 3, {at}]" for at in range(500)})
    start = time.process_time()
    match = feed(outputs, inputs)
    assert time.process_time() - start < 5
    assert len(match.ambiguous) == 500


def test_many_of_equal_names_are_bound():
    outputs = ends(**{f"feature_{at}": "float64[?]" for at in range(500)})
    inputs = ends(**{f"Feature_{at}": "float32[?]" for at in range(500)})
    assert len(feed(outputs, inputs).bindings) == 500


def test_a_consumer_of_optional_inputs_only_is_fed_something():
    optional = ends("image", image="float32[?, 4]")
    (binding,) = feed(ends(pixels="float32[?, 4]"), optional).bindings
    assert (binding.provided, binding.required, binding.verdict) == ("pixels", "image", "fits")
    match = feed(ends(a="string[?]", b="string[?]"), optional)
    assert match.bindings == ()
    assert [endpoint.name for endpoint in match.missing] == ["image"]


def test_thousands_that_fit_equally_well_are_told_at_once():
    """Three thousand of each took five seconds and half a gigabyte."""
    given = [Endpoint(name=f"y{at}", spec=parse_spec(f"float32[?, {at % 5 + 2}]")) for at in range(3_000)]
    taken = [Endpoint(name=f"x{at}", spec=parse_spec(f"float32[?, {at % 5 + 2}]")) for at in range(3_000)]
    begin = time.thread_time()
    bound = bind(given, taken)
    assert time.thread_time() - begin < 1
    assert len(bound.ambiguous) == 3_000
    assert len({id(names) for _, names in bound.ambiguous}) == 1
    assert not bound.unused


def test_all_pairs_together_are_looked_at_up_to_one_limit():
    sizes = [f"float32[{', '.join('?' * rank)}, {at}]" for rank in (2, 3, 4) for at in range(2, 12)]
    outputs = [Endpoint(name=f"a{at}", spec=parse_spec(text)) for at, text in enumerate(sizes)]
    inputs = [Endpoint(name=f"x{at}", spec=parse_spec(f"{text[:-1]}, ?]")) for at, text in enumerate(sizes)]
    found = bind(outputs, inputs)
    # What was not looked at is not told apart: each could be fed by any.
    assert (found.chosen, len(found.ambiguous)) == ({}, 30)
    assert all(len(names) == 30 for _, names in found.ambiguous)


def bert(dtype="int32"):
    facts = {"input_word_ids": {"padding": {"value": 0}}, "input_mask": {"meaning": "mask"}}
    names = ("input_word_ids", "input_mask", "input_type_ids")
    spec = parse_spec(f"{dtype}[?, 8]")
    return [Endpoint(name=name, spec=spec.replace(facts=Facts.model_validate(facts.get(name, {})))) for name in names]


BERT = {"ids": ["input_word_ids", "input_mask"], "constant(0)": "input_type_ids"}


def test_a_loss_of_one_input_makes_a_mask_and_cuts_no_ids():
    """Where the same loss was allowed of all, rows too long lost their ids without a word at run time."""
    ids = [Endpoint(name="ids", spec=parse_spec("ragged int32[?, None]").replace(facts=Facts(meaning="token_ids")))]
    one, all_of_them = (
        {binding.required: binding for binding in feed(ids, bert(), BERT, Policy(**policy)).bindings}
        for policy in ({"losses": {"input_mask": "irreversible"}}, {"loss": "irreversible"})
    )
    assert {name: binding.verdict for name, binding in one.items()} == {
        "input_word_ids": "guarded",
        "input_mask": "adapts",
        "input_type_ids": "adapts",
    }
    assert one["input_word_ids"].plan.loss == "exact"
    assert all_of_them["input_word_ids"].plan.loss == "truncating"
    none = {binding.required: binding.verdict for binding in feed(ids, bert(), BERT).bindings}
    assert none["input_mask"] == "blocked"


def test_a_loss_of_an_input_counts_where_nobody_binds():
    outputs = [Endpoint(name="a", spec=parse_spec("float32[?, 3]")), Endpoint(name="b", spec=parse_spec("string[?]"))]
    inputs = [Endpoint(name="x", spec=parse_spec("int32[?, 3]")), Endpoint(name="y", spec=parse_spec("string[?]"))]
    bound = feed(outputs, inputs, None, Policy(losses={"x": "truncating"}))
    assert {binding.required: binding.verdict for binding in bound.bindings} == {"x": "adapts", "y": "fits"}
    assert {one.name for one in feed(outputs, inputs, None, Policy(losses={"y": "truncating"})).missing} == {"x"}


def test_a_loss_of_an_input_that_is_not_there_names_the_nearest():
    ids = [Endpoint(name="ids", spec=parse_spec("ragged int32[?, None]").replace(facts=Facts(meaning="token_ids")))]
    with pytest.raises(UsageError, match=r"loss of input_msk: .*did you mean 'input_mask'\?"):
        feed(ids, bert(), BERT, Policy(losses={"input_msk": "irreversible"}))
