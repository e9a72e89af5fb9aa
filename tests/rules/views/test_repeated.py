from __future__ import annotations

import pytest

import sigcheck
from sigcheck.rules.views.repeated import repeated_call
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Binding

RANKER = {"titles": "string[?, 1]", "user": "string[?, 1]"}


def binding(spec, name="user"):
    given = parse_spec(spec)
    return Binding(provided=name, required=name, verdict="fits", provided_spec=given, required_spec=given)


def help_of(report, rule):
    return next(one.help for one in report.findings if one.rule == rule)


@pytest.mark.parametrize("user", ["string[?]", "string[?, 1]"])
def test_candidates_in_one_row_go_one_by_one_beside_their_user(user):
    """What the help says feeds both inputs."""
    retrieval = {"titles": "string[?, 10]", "user": user}
    told = help_of(sigcheck.check(retrieval, RANKER, verify="typed"), "reduced_axis")
    assert told.endswith("call the consumer once for each row, with --map --bind 'broadcast(user, titles)=user'")
    followed = sigcheck.check(retrieval, RANKER, map=True, bind={"broadcast(user, titles)": "user"}, verify="typed")
    assert followed.verdict == "adapts"


def test_of_rows_that_are_called_one_by_one_the_one_value_is_told():
    retrieval = {"titles": "string[?, 10]", "user": "string[?]"}
    told = help_of(sigcheck.check(retrieval, RANKER, map=True, verify="typed"), "unshared_batch")
    assert told.startswith("where each of user is meant for all of titles, say so with --bind 'broadcast(user, titles)")


def test_a_vector_of_a_user_is_no_value_for_each_title():
    retrieval, ranker = ({"titles": f"float32[?, {count}]", "user": "float32[?, 4]"} for count in (10, 1))
    assert "--map" not in help_of(sigcheck.check(retrieval, ranker, verify="typed"), "reduced_axis")


@pytest.mark.parametrize("size", ["8", "?"])
def test_a_vector_of_open_length_is_none_either(size):
    """One of twenty numbers was one for each of twenty titles."""
    user = "ragged float32[?, None]"
    given, wanted = {"user": user, "titles": f"float32[?, 20, {size}]"}, {"user": user, "title": f"float32[?, {size}]"}
    report = sigcheck.check(given, wanted, verify="typed")
    assert report.verdict == "undecided"
    assert not [one.help for one in report.findings if "--map" in one.help]


def test_only_dense_vectors_are_repeated_by_their_places():
    """`tf.shape` of rows of varying length is no shape whose size could be read."""
    user, titles = binding("float32[?, 8]"), binding("float32[?, ?, 8]", "titles")
    assert repeated_call(user, titles) == "tf.repeat(user[:, tf.newaxis], tf.shape(titles)[1], axis=1)"
    assert repeated_call(user, binding("ragged float32[?, None, 8]", "titles")) is None
    assert repeated_call(binding("sparse float32[?, 8]"), titles) is None


def test_candidates_alone_go_one_by_one():
    told = help_of(
        sigcheck.check({"titles": "string[?, 10]"}, {"titles": "string[?, 1]"}, verify="typed"), "reduced_axis"
    )
    assert told.endswith("or call the consumer once for each row, with --map")
