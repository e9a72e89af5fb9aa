from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature

PIXELS = {"range": [0, 255], "meaning": "pixels"}
CASES = [
    *[(f"{dtype}[?, 8, 8, 3]", "uint8[?, 8, 8, 3]", PIXELS, PIXELS) for dtype in ("float16", "float32", "float64")],
    ("bfloat16[?, 8]", "int16[?, 8]", PIXELS, PIXELS),
    ("float32[?, 8]", "int64[?, 8]", PIXELS, {"range": [0, 255]}),
    ("float32[]", "uint8[]", PIXELS, PIXELS),
    ("float32[?, 3]", "int8[?, 3]", {"range": [-128, 127], "channel_order": "RGB"}, {"range": [-128, 127]}),
    ("ragged float32[?, None]", "ragged uint8[?, None]", PIXELS, PIXELS),
    ("sparse float32[?, 9]", "sparse uint8[?, 9]", PIXELS, PIXELS),
]


def test_pixels_of_known_ranges_are_rounded_and_not_cut(propose):
    (step,) = propose("rounding_cast", "float32[?]", "uint8[?]", PIXELS, PIXELS)
    assert (step.loss, step.guard, step.cost.truncating) == ("rounding", None, 0)
    assert step.result.facts.range == (0, 255)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"range": [0, 255]}, {"range": [0, 255]}),
        ({"meaning": "pixels"}, PIXELS),
        (PIXELS, {"meaning": "pixels"}),
        ({"range": [0, 1], "meaning": "pixels"}, PIXELS),
        ({"range": [0, 300], "meaning": "pixels"}, {"range": [0, 300], "meaning": "pixels"}),
        ({"range": [0, 255], "meaning": "class_ids"}, PIXELS),
        (PIXELS, {"quantization": {"scale": 1, "zero_point": 0}, "range": [0, 255]}),
    ],
)
def test_what_is_not_known_to_be_pixels_of_one_range_is_not_rounded(propose, ours, theirs):
    assert propose("rounding_cast", "float32[?]", "uint8[?]", ours, theirs) == []


@pytest.mark.tensorflow
def test_a_picture_of_bytes_comes_back_as_it_was_and_is_as_near_as_tensorflows_own():
    import tensorflow as tf

    from sigcheck import api
    from sigcheck.adapters.emitted import load_emitted

    real, byte = (
        Endpoint(name="x", spec=parse_spec(f"{dtype}[?, 8, 8, 3]").replace(facts=Facts(meaning="pixels", range=ends)))
        for dtype, ends in (("float32", (0, 1)), ("uint8", (0, 255)))
    )
    report = api.check(Signature(outputs=(real,)), Signature(inputs=(byte,)), verify="executed")
    assert (report.verdict, report.verification.level, report.verification.failures) == ("adapts", "executed", ())
    assert [step.transform for step in report.bindings[0].plan.steps] == ["scale", "rounding_cast"]
    adapt = load_emitted(report.adapter.source)
    given = np.resize(np.arange(256, dtype=np.uint8), [4, 8, 8, 3])
    as_floats = tf.image.convert_image_dtype(given, tf.float32)
    assert np.array_equal(adapt({"x": as_floats})["x"], given)
    values = np.random.default_rng(0).random([64, 8, 8, 3], np.float32)
    theirs = tf.image.convert_image_dtype(values, tf.uint8, saturate=True).numpy()
    assert np.abs(adapt({"x": values})["x"].numpy().astype(int) - theirs).max() <= 1
    # Beyond the range that was declared.
    assert adapt({"x": np.float32([-0.5, 1.5]).repeat(96).reshape(1, 8, 8, 3)})["x"].numpy().max() == 255


@pytest.mark.parametrize(("ends", "is_stored"), [((0, 255), True), ((0, 100), True), ((0, 6), False), ((-1, 1), False)])
def test_a_range_of_a_few_whole_numbers_holds_no_picture(propose, ends, is_stored):
    facts = {"meaning": "pixels", "range": ends}
    assert bool(propose("rounding_cast", "float32[?]", "int16[?]", facts, facts)) == is_stored
