from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

import sigcheck
from sigcheck.schema.errors import SigcheckError, UsageError

PAIR = ({"a": "float32[?, 10]"}, {"x": "float32[?, 10]"})
WRONG = [b"x", 5, 3.5, {"a": 5}, {5: {}}, [1], io.BytesIO(), np.zeros(2), np.zeros(0), UsageError, object(), print]
NAMES = ["bind", "policy", "facts", "verify", "timeout", "load", "run_models", "example", "infer"]


def is_right(name, value):
    return name == "timeout" and value in (5, 3.5)


def kind_of(value):
    """The id of a case: workers of a parallel run must agree on it, so no address is in it."""
    return type(value).__name__


@pytest.mark.parametrize("value", WRONG, ids=kind_of)
@pytest.mark.parametrize("name", NAMES)
def test_an_argument_of_another_kind_is_named(name, value):
    if not isinstance(value, np.ndarray) and is_right(name, value):
        sigcheck.check(*PAIR, verify="typed", timeout=value)
        return
    with pytest.raises(UsageError) as caught:
        sigcheck.check(*PAIR, **{"verify": "typed", name: value})
    assert name in caught.value.place
    assert "expected" in caught.value.problem
    assert "\n" not in str(caught.value)


# An array is a source: its dtype and shape are a spec.
@pytest.mark.parametrize(
    "value", [None, *(one for one in WRONG if not isinstance(one, np.ndarray)), "", [], {}], ids=kind_of
)
def test_a_source_of_another_kind_is_named(value):
    for question in (
        lambda: sigcheck.read(value),
        lambda: sigcheck.check(value, PAIR[1], verify="typed"),
        lambda: sigcheck.check(PAIR[0], value, verify="typed"),
        lambda: sigcheck.check_chain(value, verify="typed"),
        lambda: sigcheck.check_chain([PAIR[0], value], verify="typed"),
        lambda: sigcheck.fuse(value, Path("never_written")),
    ):
        with pytest.raises(SigcheckError) as caught:
            question()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [{"key": 5}, {"key": b"x"}, {"tags": "serve"}, {"tags": 5}, {"tags": [1]}, {"load": "no"}, {"infer": 1}],
    ids=repr,
)
def test_what_is_read_of_a_source_is_named_in_the_same_way(arguments):
    (name,) = arguments
    with pytest.raises(UsageError, match=f"^{name}: found .*, expected "):
        sigcheck.read(PAIR[0], **arguments)


def test_the_path_of_one_model_is_no_list_of_models():
    with pytest.raises(UsageError, match=r"^chain: found 'encoder', expected a list of sources\."):
        sigcheck.check_chain("encoder")


def test_facts_of_a_kind_that_is_no_dict_are_named_where_they_stand():
    with pytest.raises(UsageError, match=r"^producer\.a: found 5, expected a dict by the names of facts\."):
        sigcheck.check(*PAIR, facts={"producer": {"a": 5}})
