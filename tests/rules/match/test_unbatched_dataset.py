from __future__ import annotations

import pytest

from sigcheck.rules.match import unbatched_dataset
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Binding, Side

DATASET, MODEL = (Side(source=name, reader=name, key="default") for name in ("tf_dataset", "keras"))


def found(*pairs, producer=DATASET):
    bindings = tuple(
        Binding(
            provided=f"p{at}",
            required=f"r{at}",
            verdict="blocked",
            provided_spec=parse_spec(given),
            required_spec=parse_spec(taken),
        )
        for at, (given, taken) in enumerate(pairs)
    )
    return list(unbatched_dataset.find(MatchView(producer, MODEL, bindings=bindings)))


def test_one_finding_says_what_cures_all_inputs():
    (finding,) = found(("float64[13]", "float32[?, 13]"), ("int32[]", "int32[?]"))
    assert (finding.level, finding.place) == ("warning", "r0")
    assert finding.message == "each element is one example, and r0 and 1 more take a batch of them"
    assert finding.help == "batch the dataset before, as with dataset.batch(32), and check that"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("float32[8, 8, 3]", "float32[?, 8, 8, 3]"),
        ("float32[?, ?, 3]", "float32[?, ?, ?, 3]"),
        ("float32[13]", "float32[32, 13]"),
        ("string[]", "string[?]"),
    ],
)
def test_an_axis_less_is_an_example(given, taken):
    assert found((given, taken))


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("float32[?, 13]", "float32[?, 13]"),
        # A batch of rows into a model of one step each.
        ("float32[?, 10]", "float32[?, 1, 10]"),
        ("float32[5, 10]", "float32[?, 1, 10]"),
        ("float32[13]", "float32[?, 12]"),
        ("float32[*]", "float32[?, 12]"),
    ],
)
def test_what_may_be_a_batch_is_none(given, taken):
    assert not found((given, taken))


def test_one_input_with_a_batch_speaks_for_the_dataset():
    assert not found(("float64[13]", "float32[?, 13]"), ("float32[?, 3]", "float32[?, 3]"))


def test_a_model_is_no_dataset():
    assert not found(("float64[13]", "float32[?, 13]"), producer=MODEL)
