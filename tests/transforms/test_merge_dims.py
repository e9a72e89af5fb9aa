from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.matching import feed
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms import merge_dims
from sigcheck.transforms.parts.array import RaggedArray

CASES = [
    ("ragged int32[?, None, None]", "ragged int32[?, None]"),
    ("ragged string[3, None, None]", "string[3, 9]"),
    ("ragged float32[?, None, None, 4]", "ragged float32[?, None, 4]"),
    ("ragged int64[?, None, None, None]", "ragged int64[?, None, None]"),
    ("ragged int64[?, None, None, None]", "ragged int64[?, None]"),
]


def test_pieces_of_words_become_pieces_of_sentences(propose):
    (step,) = propose("merge_dims", *CASES[0])
    words = [[[1], [2, 3]], [], [[4, 5], [], [6]]]
    splits = tuple(np.array(one) for one in ([0, 2, 2, 5], [0, 1, 3, 5, 5, 6]))
    assert len(words) == len(splits[0]) - 1
    made = merge_dims.reference(parse_spec(CASES[0][0]), step, RaggedArray(np.arange(1, 7), splits))
    assert [one.tolist() for one in made.row_splits] == [[0, 3, 3, 6]]


def test_which_of_three_are_merged_no_size_says():
    outcome = search(*map(parse_spec, CASES[3]))
    assert outcome.verdict == "undecided"
    assert {str(plan) for plan in outcome.candidates} == {
        "merge_dims(outer=1, inner=2)",
        "merge_dims(outer=2, inner=3)",
    }


def test_names_decide():
    given, wanted = map(parse_spec, CASES[3])
    given = given.replace(facts=Facts(axes=("batch", "paragraph", "word", "piece")))
    wanted = wanted.replace(facts=Facts(axes=("batch", "word", "piece")))
    outcome = search(given, wanted)
    assert (outcome.verdict, str(outcome.plan)) == ("adapts", "merge_dims(outer=1, inner=2)")


def test_examples_are_not_glued(propose):
    assert propose("merge_dims", "ragged int32[?, None, None]", "int32[?]") == []
    assert propose("merge_dims", "ragged int32[?, None]", "int32[?]") == []


@pytest.mark.parametrize("required", ["int32[?, 8]", "ragged int32[?, None]"])
def test_a_tokenizer_of_words_feeds_a_model_of_sentences(required):
    outputs = [Endpoint(name="pieces", spec=parse_spec("ragged int32[?, None, None]"))]
    wanted = parse_spec(required).replace(facts=Facts.model_validate({"padding": {"value": 0}}))
    (binding,) = feed(outputs, [Endpoint(name="ids", spec=wanted)]).bindings
    assert binding.verdict in {"adapts", "guarded"}
    assert binding.steps[0].transform == "merge_dims"


def test_what_is_merged_has_the_consumers_name_and_is_filled_to_its_size():
    given = parse_spec("ragged int32[?, None, None]").replace(facts=Facts(axes=("sent", "word", "piece")))
    facts = Facts.model_validate({"axes": ("sent", "token"), "padding": {"value": 0}})
    outcome = search(given, parse_spec("int32[?, 16]").replace(facts=facts))
    assert (outcome.verdict, str(outcome.plan)) == (
        "guarded",
        "merge_dims(outer=1, inner=2), ragged_to_dense(sizes=[?, 16], value=0, side=post, check=True)",
    )
