from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.agreement import conflicts, undeclared
from sigcheck.schema.example_features import Feature, Features
from sigcheck.schema.facts import Facts
from sigcheck.schema.feature_agreement import feature_differences
from sigcheck.schema.notation import parse_spec


def problems(given, wanted):
    sides = ({} if one is None else {"f": one} for one in (given, wanted))
    ours, theirs = (Features.model_validate({"other": "int64[]", **one}) for one in sides)
    return [(one.name, one.problem) for one in feature_differences(ours, theirs)]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("float32[3]", "float32[3]"),
        ("float32[3]", "float32[3, 1]"),
        ("float32[6]", "float32[2, 3]"),
        ("float32[2, 3]", "float32[6]"),
        ("float32[3]", "float32[?]"),
        ("float32[?]", "float32[?]"),
        ("float32[4]", "float32[?, 2]"),
        ("float32[3] optional", "float32[3] optional"),
        ("float32[3] optional", "float32[?]"),
        (None, "float32[?]"),
        (None, "float32[3] optional"),
        ("float32[3]", None),
        ("int64[] per_step", "int64[?] per_step"),
    ],
)
def test_features_that_can_be_parsed_of_every_example(given, wanted):
    assert problems(given, wanted) == []


@pytest.mark.parametrize(
    ("given", "wanted", "problem"),
    [
        (None, "float32[3]", "not among them, and no default stands for it"),
        ("int64[3]", "float32[3]", "int64, and float32 is parsed"),
        ("int64[3]", "float32[3] optional", "int64, and float32 is parsed"),
        ("float32[3] optional", "float32[3]", "may be absent, and no default stands for it"),
        ("float32[2]", "float32[3]", "2 values, 3 are parsed"),
        ("float32[2]", "float32[]", "2 values, 1 is parsed"),
        ("float32[?]", "float32[3]", "any number of values, 3 are parsed"),
        ("float32[3]", "float32[?, 2]", "3 values, rows of 2 are parsed"),
        ("float32[?]", "float32[?, 2]", "any number of values, rows of 2 are parsed"),
        ("float32[?, 3]", "float32[?, 2]", "rows of 3, rows of 2 are parsed"),
        ("float32[2, 3]", "float32[3, 2]", "laid out as [2, 3], and parsed as [3, 2]"),
        ("float32[?, 4]", "float32[?, 2]", "laid out as [?, 4], and parsed as [?, 2]"),
        ("int64[]", "int64[] per_step", "there once, and once in each step is parsed"),
    ],
)
def test_features_that_cannot(given, wanted, problem):
    assert problems(given, wanted) == [("f", problem)]


def test_features_are_compared_as_other_facts_are():
    ours, theirs, unknown = (
        parse_spec("string[?]").replace(facts=Facts.model_validate(facts))
        for facts in ({"features": {"a": "int64[2]"}}, {"features": {"a": "int64[3]"}}, {})
    )
    assert conflicts(ours, theirs) == ("features",)
    assert (conflicts(ours, ours), conflicts(ours, unknown)) == ((), ())
    assert "features" in undeclared(ours, unknown)
    assert "features" in undeclared(unknown, theirs)


PARSED = [
    *("float32[3]", "float32[]", "float32[1]", "float32[2, 2]", "float32[4]", "float32[?]", "float32[?, 2]"),
    *("int64[3]", "int64[?]", "string[]", "float32[3] optional", "float32[] optional", "int64[3] optional"),
]


def examples_of(feature):
    """Examples that hold all that a feature says they may, none and many values among it."""
    from sigcheck.transforms.parts.example_message import write_example

    counts = [feature.count] if feature.count is not None else [0, feature.row, 3 * feature.row]
    values = {"float32": [1.5], "int64": [7], "string": [b"x"]}[feature.dtype]
    made = [write_example({"f": (feature.dtype, values * count)}) for count in counts]
    return [*made, write_example({})] if feature.may_be_absent else made


def specification(tf, feature):
    if feature.count is None:
        return tf.io.FixedLenSequenceFeature(feature.shape[1:], feature.dtype, allow_missing=True)
    default = np.full(feature.shape, b"" if feature.dtype == "string" else 0).tolist() if feature.optional else None
    return tf.io.FixedLenFeature(feature.shape, feature.dtype, default)


def is_parsed(tf, example, told):
    try:
        tf.io.parse_example([example], told)
    except tf.errors.InvalidArgumentError:
        return False
    return True


@pytest.mark.tensorflow
def test_what_differs_is_what_tensorflow_fails_on():
    """Every Example of features that agree is parsed, and some Example of those that differ is not."""
    import tensorflow as tf

    wrong = []
    for given in map(Feature.model_validate, PARSED):
        examples = examples_of(given)
        for wanted in map(Feature.model_validate, PARSED):
            ours, theirs = (Features(named=(("f", one),)) for one in (given, wanted))
            found = [one.problem for one in feature_differences(ours, theirs)]
            # TensorFlow lays values out otherwise without a word.
            if any(one.startswith("laid out") for one in found):
                continue
            told = {"f": specification(tf, wanted)}
            parsed = [is_parsed(tf, example, told) for example in examples]
            if all(parsed) == bool(found):
                wrong.append(f"{given} -> {wanted}: {found}, parsed {parsed}")
    assert wrong == []
