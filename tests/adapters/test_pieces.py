"""Steps that are written as one give what the references of the steps give, one after the other."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

import sigcheck
from sigcheck.adapters.emitted import load_emitted
from sigcheck.adapters.numpy_source import write_numpy
from sigcheck.adapters.pieces import pieces
from sigcheck.adapters.python_source import write_python
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Side
from sigcheck.transforms import BY_NAME
from sigcheck.verification.comparison import find_difference

SIDE = Side(source="a", reader="signature", key="k")
NHWC = ["batch", "height", "width", "channel"]
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "raw_range": [0, 1]}
CAFFE = {"mean": [103.9, 116.8, 123.7], "std": [1, 1, 1], "raw_range": [0, 255]}
# A deviation that makes little of the last digits into much, and one that makes much of all values into little.
SHARP = {"mean": [0.5], "std": [1e-3], "raw_range": [0, 1]}
FLAT = {"mean": [1e4, -2, 0], "std": [3e5, 1e-2, 7], "raw_range": [0, 255]}

ENCODINGS = [
    ("uint8", {"range": [0, 255]}),
    ("uint8", {"range": [0, 255], "meaning": "pixels"}),
    ("int16", {"range": [-512, 511]}),
    ("float32", {"range": [0, 1], "meaning": "pixels"}),
    ("float32", {"range": [-1, 1]}),
    ("float64", {"range": [30_000, 110_000]}),
    ("float16", {"range": [0, 255]}),
    *[("float32", {"normalization": one}) for one in (IMAGENET, CAFFE, SHARP, FLAT)],
    ("float64", {"normalization": IMAGENET}),
    ("int8", {"quantization": {"scale": 0.0078125, "zero_point": -1}, "range": [-1, 1]}),
    ("uint8", {"quantization": {"scale": 1 / 255, "zero_point": 0}, "range": [0, 1]}),
    ("uint8", {"quantization": {"scale": 0.5, "zero_point": 3}, "range": [0, 100]}),
    ("int8", {"quantization": {"scale": [0.5, 0.1, 0.03], "zero_point": [3, -7, 0], "axis": 3}, "range": [-1, 1]}),
    ("int32", {"quantization": {"scale": 1e-7, "zero_point": 10}, "range": [-1, 1]}),
]
SHAPES = ["[?, 5, 4, 3]", "[?, 5, 4, 3]", "[2, 5, 4, 3]"]


def pairs(count):
    """Pairs of encodings, drawn without repeating, each with a shape."""
    drawn = random.Random(3).sample(list(product(ENCODINGS, ENCODINGS)), count)
    for at, ((dtype, ours), (wanted, theirs)) in enumerate(drawn):
        shape = SHAPES[at % len(SHAPES)]
        yield (f"{dtype}{shape}", {**ours, "axes": NHWC}), (f"{wanted}{shape}", {**theirs, "axes": NHWC})


def planned(report, count):
    """The bindings that have a plan in which steps are written as one, with their reports."""
    for given, wanted in pairs(count):
        found = report({"a": given}, {"x": wanted}, policy={"loss": "irreversible"})
        binding = found.bindings[0]
        if binding.plan is not None and any(
            len(one.steps) > 1 for one in pieces(binding.provided_spec, binding.plan.steps)
        ):
            yield found, binding


@pytest.mark.filterwarnings("ignore:invalid value|divide by zero|overflow:RuntimeWarning")
def test_numpy_is_within_what_is_allowed_for_the_steps(report, expectations):
    compared = 0
    for found, binding in planned(report, len(ENCODINGS) ** 2):
        adapt = load_emitted(found.adapter.to_numpy().source)
        for value, expected, allowed in expectations(binding):
            before = value.copy()
            made = adapt({"a": value})["x"]
            assert find_difference(expected, made, allowed) is None, found.adapter.source
            assert np.array_equal(before, value, equal_nan=value.dtype.kind == "f"), (
                "the caller's array was written into"
            )
            compared += 1
    assert compared > 300


@pytest.mark.tensorflow
def test_tensorflow_is_within_what_is_allowed_for_the_steps(report, expectations):
    compared = 0
    for found, binding in planned(report, 60):
        adapt = load_emitted(found.adapter.source)
        for value, expected, allowed in expectations(binding):
            assert find_difference(expected, np.asarray(adapt({"a": value})["x"]), allowed) is None, (
                found.adapter.source
            )
            compared += 1
    assert compared > 50


def code(report, given, wanted, **policy):
    found = report({"x": given}, {"x": wanted}, policy=policy)
    assert found.adapter is not None, str(found)
    return [line.strip() for line in found.adapter.source.partition("def adapt")[2].splitlines()[1:-1]]


def test_neighbours_that_scale_and_shift_are_one_difference_and_one_product(report):
    bytes_, wanted = ("uint8[?, 8, 8, 3]", {"range": [0, 255], "axes": NHWC}), {"normalization": IMAGENET, "axes": NHWC}
    assert code(report, bytes_, ("float32[?, 8, 8, 3]", wanted)) == [
        "# cast, scale, standardize in one",
        "x_shift = tf.tile(tf.constant([[123.675, 116.28, 103.53]], tf.float32), [8, 1])",
        "x_factor = tf.tile(tf.constant([[0.017124753, 0.017507004, 0.017429193]], tf.float32), [8, 1])",
        'x = (tf.cast(outputs["x"], tf.float32) - x_shift) * x_factor',
    ]


def test_bytes_that_become_other_bytes_are_shifted_where_that_is_all(report):
    pixels = ("uint8[?, 8]", {"range": [0, 255]})
    stored = ("int8[?, 8]", {"quantization": {"scale": 1 / 255, "zero_point": -128}, "range": [0, 1]})
    assert code(report, ("float32[?, 8]", {"range": [0, 255]}), stored)[0] == "# scale, quantize in one"
    normalized = ("uint8[?, 8]", {"quantization": {"scale": 1 / 255, "zero_point": 0}, "range": [0, 1]})
    assert code(report, normalized, stored) == [
        'x = tf.bitcast(tf.bitwise.bitwise_xor(outputs["x"], tf.constant(128, tf.uint8)), tf.int8)'
    ]
    assert "tf.float64" not in "".join(code(report, pixels, stored, loss="irreversible"))


def test_reshapes_become_one_and_squeezes_name_all_their_axes(report):
    assert code(report, "float32[1, 1, 10]", "float32[10, 1]")[-1] == 'x = tf.reshape(outputs["x"], [10, 1])'
    assert code(report, "float32[?, 1, 10, 1]", "float32[?, 10]")[-1] == 'x = tf.squeeze(outputs["x"], axis=[1, 3])'
    # Two sizes that are not known: -1 stands for one only.
    axes = ["batch", "time"]
    open_ = code(report, ("float32[?, ?]", {"axes": axes}), ("float32[?, ?, 1, 1]", {"axes": [*axes, None, None]}))
    assert [line.count("expand_dims") for line in open_] == [1, 1]


@pytest.mark.tensorflow
def test_a_picture_that_gets_smaller_is_resized_before_it_is_converted(report, expectations):
    given = ("uint8[?, 8, 8, 3]", {"range": [0, 255], "axes": NHWC})
    wanted = {"normalization": IMAGENET, "axes": NHWC}
    found = report({"x": given}, {"x": ("float32[?, 4, 4, 3]", wanted)}, policy={"loss": "truncating"}).bindings[0]
    (resizing,) = (plan for plan in found.candidates if "resize" in str(plan))
    binding = found.model_copy(update={"plan": resizing})
    lines = [line.strip() for line in write_python(SIDE, SIDE, [binding]).partition("def adapt")[2].splitlines()[1:-1]]
    assert lines[:2] == ["# cast, resize in one", 'x = tf.image.resize(outputs["x"], [4, 4], method="bilinear")']
    adapters = [load_emitted(write(SIDE, SIDE, [binding])) for write in (write_python, write_numpy)]
    for value, expected, allowed in expectations(binding):
        for adapt in adapters:
            assert find_difference(expected, np.asarray(adapt({"x": value})["x"]), allowed) is None
    larger = code(report, given, ("float32[?, 16, 16, 3]", wanted))
    assert larger[-1] == 'x = tf.image.resize(x, [16, 16], method="bilinear")'


def spec_of(text, **facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


def chained(spec, *steps):
    """The steps of these transforms, each toward a spec, one behind the other."""
    made = []
    for name, required in steps:
        made.append(next(BY_NAME[name].propose(made[-1].result if made else spec, required)))
    return [[step.transform for step in one.steps] for one in pieces(spec, made)]


def test_what_is_rounded_on_the_way_stays_rounded():
    pixels, unit = spec_of("float32[?, 8]", range=[0, 255]), spec_of("float32[?, 8]", range=[-1, 1])
    stored = spec_of("int8[?, 8]", range=[0, 1], quantization={"scale": 1 / 255, "zero_point": -128})
    steps = (("scale", stored), ("quantize", stored), ("dequantize", unit), ("scale", unit))
    assert chained(pixels, *steps) == [["scale", "quantize"], ["dequantize", "scale"]]


def test_numbers_of_each_row_are_applied_before_rows_become_fewer():
    picture = spec_of("float32[?, 8, 8, 3]", axes=NHWC)
    (smaller,) = BY_NAME["resize"].propose(picture, picture.replace(shape=(None, 4, 4, 3)))
    for axis, count, order in ((3, 3, ["resize", "standardize"]), (1, 8, ["standardize", "resize"])):
        numbers = {"mean": tuple(range(count)), "std": (2.0,) * count, "axis": axis}
        own = Step(transform="standardize", arguments=numbers, result=picture, cost=smaller.cost)
        assert [one.steps[0].transform for one in pieces(picture, [own, smaller])] == order


def test_beside_a_size_of_nothing_none_is_left_to_be_worked_out():
    spec = spec_of("float32[?, 0]")
    (one,) = pieces(parse_spec("float32[2, 3]"), _twice_longer(parse_spec("float32[2, 3]")))
    assert len(one.steps) == 2
    assert [len(one.steps) for one in pieces(spec, _twice_longer(spec))] == [1, 1]


def _twice_longer(spec):
    first = next(BY_NAME["expand_dims"].propose(spec, spec.replace(shape=(*spec.shape, 1))))
    return [first, next(BY_NAME["expand_dims"].propose(first.result, spec.replace(shape=(*spec.shape, 1, 1))))]


BYTES = ("uint8[?, 3]", {"range": [0, 255], "channel_order": "RGB"})
STORED = (
    "int8[?, 3]",
    {"range": [0, 1], "quantization": {"scale": 1 / 255, "zero_point": -128}, "channel_order": "RGB"},
)


@pytest.mark.tensorflow
@pytest.mark.parametrize(("ours", "theirs"), [(BYTES, STORED), (STORED, BYTES)])
def test_one_bit_is_turned_in_every_form(ours, theirs):
    facts = {"producer": {"y": ours[1]}, "consumer": {"x": theirs[1]}}
    adapter = sigcheck.check({"y": ours[0]}, {"x": theirs[0]}, facts=facts, verify="typed").adapter
    pictures = np.array([[0, 1, 127], [128, 254, 255]])
    given, wanted = (
        pictures.astype("uint8") if dtype is BYTES else (pictures - 128).astype("int8") for dtype in (ours, theirs)
    )
    for form in (adapter, adapter.to_numpy(), adapter.to_keras()):
        found = np.asarray(form({"y": given})["x"])
        assert (found.dtype, found.tolist()) == (wanted.dtype, wanted.tolist())
