from __future__ import annotations

import numpy as np
import pytest

import sigcheck
from sigcheck.junctions import serialize_examples
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.planning.matching import feed
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.array import RaggedArray

CASES = [
    (["float32[?, 3]", "ragged int64[?, None]", "string[?]"], ["string[?]"], ["age", "words", "name"]),
    (["int64[?, 2, 2]", "ragged string[?, None]", "ragged float32[?, None, 2]"], ["string[?]"], ["a b", "b\nc", "ä"]),
    (["float32[4, ?]", "int64[4]"], ["string[4]"], ["x", "y"]),
    (["int64[?, ?, 2]"], ["string[?, 1]"], ["##[group]x"]),
    (["float32[3]", "string[?]", "int64[]"], ["string[]"], ["z", "y", "x"]),
]
HELD = {"age": "float32[3]", "name": "string[] optional", "words": "int64[?]"}


def parsed(form="string[?]", **features):
    """An input whose graph parses these features."""
    told = {"meaning": "serialized_example", "features": features}
    claims = [Inferred(name=name, value=value, tier="proved", reason="ParseExampleV2") for name, value in told.items()]
    return Endpoint(name="examples", spec=parse_spec(form), inferred=tuple(claims))


def fed(outputs, required, bind):
    ends = [Endpoint(name=name, spec=parse_spec(text)) for name, text in outputs.items()]
    return feed(ends, [required], {bind: "examples"})


@pytest.mark.parametrize(
    ("outputs", "bind", "verdict", "steps"),
    [
        (
            {"age": "float64[?, 3]", "words": "ragged int32[?, None]", "n": "string[?, 1]"},
            "serialize_examples(age, words, name=n)",
            "adapts",
            ["cast(dtype=float32)", "cast(dtype=int64)", "squeeze(axis=1)"],
        ),
        ({"age": "float32[?, 3, 1]"}, "serialize_examples(age)", "adapts", []),
        ({"a": "float32[?, ?]"}, "serialize_examples(age=a)", "guarded", ["ensure_shape(shape=[?, 3])"]),
        ({"age": "float32[?, 3]", "words": "sparse int64[?, ?]"}, "serialize_examples(age, words)", "guarded", None),
        ({"age": "float32[?, 3]", "more": "uint8[?, 7]"}, "serialize_examples(age, more)", "adapts", None),
    ],
)
def test_each_output_is_brought_to_what_its_feature_is(outputs, bind, verdict, steps):
    (binding,) = fed(outputs, parsed(**HELD), bind).bindings
    assert (binding.verdict, binding.provided) == (verdict, bind)
    assert steps is None or [str(one) for one in binding.steps[:-1]] == steps
    assert binding.required_spec.facts.origins["features"] == "inferred"


@pytest.mark.parametrize(
    ("outputs", "bind"),
    [
        ({"words": "ragged int64[?, None]"}, "serialize_examples(words)"),
        ({"a": "float32[?, 3]"}, "serialize_examples(a)"),
    ],
    ids=["one is missing", "of another name"],
)
def test_a_feature_that_no_output_is_blocks(outputs, bind):
    (binding,) = fed(outputs, parsed(**HELD), bind).bindings
    assert (binding.verdict, binding.plan) == ("blocked", None)


@pytest.mark.parametrize(
    ("outputs", "verdict"),
    [
        ({"age": "float32[?, 2]"}, "undecided"),
        ({"age": "string[?]"}, "blocked"),
        ({"age": "float32[?, 3, 3]"}, "undecided"),
    ],
)
def test_an_output_that_does_not_become_its_feature_is_no_pass(outputs, verdict):
    match = fed(outputs, parsed(**HELD), "serialize_examples(age)")
    assert {one.verdict for one in (*match.bindings, *match.unjoined)} == {verdict}


@pytest.mark.parametrize(
    ("parts", "required", "said"),
    [
        (["complex64[?]"], "string[?]", "expected float32, int64 or string"),
        (["sparse int64[?, ?]"], "string[?]", "expected a dense or ragged tensor of known rank"),
        (["float32[*]"], "string[?]", "expected a dense or ragged tensor of known rank"),
        (["float32[]"], "string[?]", "a row for each Example"),
        (["ragged int64[?, None, None]"], "string[?]", "where rows within rows end no feature says"),
        (["int64[3]", "int64[4]"], "string[?]", "the outputs have other batches"),
        (["int64[?]"], "int64[?]", "expected a dense tensor of strings"),
    ],
)
def test_what_is_no_feature_is_said(parts, required, said):
    with pytest.raises(JunctionError, match=said):
        serialize_examples.join([*map(parse_spec, parts)], [parse_spec(required)], ["a", "b"][: len(parts)])


def test_another_form_of_strings_is_not_written(joined):
    with pytest.raises(JunctionError, match="csv is required, expected serialized_example"):
        joined("serialize_examples", ["int64[?]"], [("string[?]", {"meaning": "csv"})], ["a"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("serialize_examples()", "cannot be read from ''"),
        ("serialize_examples(a, a)", "one output twice"),
        ("serialize_examples(x=a, x=b)", "one feature twice"),
        ("serialize_examples(x=)", "cannot be read from 'x='"),
        ("parse_examples(a, b)", "2 outputs"),
        ('parse_examples(""=a)', "an empty name"),
    ],
)
def test_what_is_not_written_as_one_is_said(text, said):
    with pytest.raises(sigcheck.UsageError, match=said):
        sigcheck.check({"a": "int64[?]", "b": "int64[?]"}, {"x": "string[?]"}, bind={text: "x"}, verify="typed")


def test_what_people_commit_has_no_line_that_nobody_reads(joined):
    for case in (joined("serialize_examples", *one) for one in CASES):
        code = serialize_examples.emit(case.parts, case.steps[0], [f'outputs["{at}"]' for at in range(len(case.parts))])
        assert max(map(len, (*code.lines, code.expression))) <= 100


@pytest.mark.tensorflow
def test_it_is_what_tensorflow_writes_and_parses(joined):
    import tensorflow as tf

    case = joined(
        "serialize_examples", ["float32[?, 2]", "ragged int64[?, None]", "string[?]"], ["string[?]"], ["f", "i", "s"]
    )
    floats = np.asarray([[1.5, -0.0], [np.inf, np.nan]], np.float32)
    rows = RaggedArray(np.asarray([-1, 2**62, 0], np.int64), (np.asarray([0, 3, 3]),))
    texts = np.asarray([b"", b"\xff\x00"], object)
    made = serialize_examples.reference(case.parts, case.steps[0], [floats, rows, texts])
    lists, whole = tf.train, ([-1, 2**62, 0], [])
    for at in range(2):
        features = {
            "f": lists.Feature(float_list=lists.FloatList(value=floats[at])),
            "i": lists.Feature(int64_list=lists.Int64List(value=whole[at])),
            "s": lists.Feature(bytes_list=lists.BytesList(value=[texts[at]])),
        }
        example = lists.Example(features=lists.Features(feature=features))
        assert made[at] == example.SerializeToString(deterministic=True)


@pytest.mark.parametrize("counts", [(3, 1, 5), (3, 0, 0), (3, 3, 3)])
def test_cases_have_the_rows_that_a_signature_fixes(counts):
    """The least count that all have cut what is of three rows to one: a sound adapter failed its proof."""
    parts = [parse_spec("int64[3, 2]"), parse_spec("string[?]"), parse_spec("ragged int64[?, None]")]
    (step,) = serialize_examples.join(parts, [parse_spec("string[?]")], ["a", "b", "c"])
    values = [
        np.arange(counts[0] * 2).reshape(-1, 2),
        np.array([b"x"] * counts[1], object),
        RaggedArray(np.arange(counts[2]), (np.arange(counts[2] + 1),)),
    ]
    first, second, third = serialize_examples.agree(step, values)
    assert (first.tolist(), len(second), len(third.row_splits[0])) == (values[0].tolist(), 3, 4)
    assert third.row_splits[0][-1] == len(third.values) == min(3, 3 * counts[2])
    assert all(isinstance(text, bytes) for text in second)
