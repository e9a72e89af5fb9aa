from __future__ import annotations

import pytest

import sigcheck
from sigcheck.planning.batch import find_unshared
from sigcheck.rules import find_all
from sigcheck.rules.match import unshared_batch
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding
from tests.rules.conftest import CONSUMER, PRODUCER


def bound(provided, required, steps=()):
    return Binding(
        provided=f"{required}_out",
        required=required,
        verdict="adapts" if steps else "fits",
        provided_spec=parse_spec(provided),
        required_spec=parse_spec("float32[?]"),
        plan=Plan(steps=steps),
    )


def view_of(*bindings):
    return MatchView(PRODUCER, CONSUMER, bindings=bindings, unshared=find_unshared(bindings))


def test_an_input_of_another_batch_is_told_with_both(step):
    made = step("expand_dims", "float32[1]")
    scale = bound("float32[]", "scale", (made.model_copy(update={"layout": ((),)}),))
    view = view_of(bound("float32[?]", "user"), bound("float32[?]", "day"), scale)
    (finding,) = unshared_batch.find(view)
    assert (finding.place, finding.level) == ("scale", "error")
    assert finding.message == "it gets one example, and user and day the batch of user_out"
    assert finding.help == (
        "where each of scale_out is meant for all of user_out, say so with --bind 'broadcast(scale_out, "
        "user_out)=scale'; where the inputs share none, name the first axis otherwise, as with "
        "--fact consumer.scale.axes=a"
    )
    assert "unshared_batch" in [one.rule for one in find_all(view)]


def test_one_batch_is_not_told():
    assert list(unshared_batch.find(view_of(bound("float32[?]", "user"), bound("float32[?]", "day")))) == []


def test_a_batch_that_is_refused_unless_it_is_one_example_is_a_warning():
    report = sigcheck.check(
        {"a": "float32[1, 4]", "b": "float32[?, 4]"}, {"a": "float32[?, 4]", "b": "float32[?, 4]"}, verify="typed"
    )
    (finding,) = report.findings
    assert (finding.rule, finding.level, finding.place) == ("unshared_batch", "warning", "b")
    assert finding.message == "it gets the batch of b, and a one example"
    assert finding.help.startswith("the adapter refuses others: ensure_shape(shape=[1, 4]); where the inputs share")


def test_a_batch_beside_several_examples_is_told():
    report = sigcheck.check(
        {"a": "float32[8, 4]", "b": "float32[?, 4]"}, {"a": "float32[?, 4]", "b": "float32[?, 4]"}, verify="typed"
    )
    (finding,) = report.findings
    assert (finding.rule, finding.level, finding.place) == ("unshared_batch", "error", "a")
    assert finding.message == "it gets 8 examples, and b the batch of b"


@pytest.mark.parametrize(
    ("given", "wanted", "start"),
    [
        (
            {"user": "float32[?, 8]", "titles": "float32[?, 20, 8]"},
            "float32[?, 8]",
            (
                "where each of user is meant for all of titles, repeat it so in the producer, with "
                "tf.repeat(user[:, tf.newaxis], 20, axis=1); "
            ),
        ),
        ({"user": "int32[?]", "titles": "int32[?, 20]"}, "int32[?]", "where each of user is meant for all of titles, "),
    ],
)
def test_only_what_can_be_repeated_is_said_to_be(given, wanted, start):
    """A vector of a user has no place beside the vectors of titles, whose axes in front differ: the producer has."""
    report = sigcheck.check(given, {"user": wanted, "title": wanted}, verify="typed")
    (told,) = (one.help for one in report.findings if one.rule == "unshared_batch")
    assert told.startswith(start)


def test_a_vector_that_the_producer_repeats_is_beside_the_others():
    """What the help says, done."""
    given = {"user": "float32[?, 20, 8]", "titles": "float32[?, 20, 8]"}
    wanted = {"user": "float32[?, 8]", "titles": "float32[?, 8]"}
    report = sigcheck.check(given, wanted, policy=sigcheck.Policy(assume="warn"), verify="typed")
    assert report.verdict in {"adapts", "guarded"}
