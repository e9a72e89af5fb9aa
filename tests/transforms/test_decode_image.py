from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.transforms import decode_image
from sigcheck.transforms.parts.array import GuardError
from sigcheck.transforms.parts.png import write_png

FILE = {"meaning": "encoded_image"}
RGB, RGBA, GRAY = ({**FILE, "channel_order": order} for order in ("RGB", "RGBA", "GRAY"))
CASES = [
    ("string[?]", "uint8[?, 5, 3, 3]", FILE),
    ("string[?]", "float32[?, ?, ?, 3]", RGB),
    ("string[2]", "uint8[2, ?, ?, 4]", FILE),
    ("string[]", "uint8[?, ?, 1]", GRAY),
    ("string[?]", "float32[?, 5, 3, 3]", RGB),
    ("string[2]", "float16[2, 3, 4, 7]", RGB, {"axes": ("batch", "channel", "height", "width")}),
    ("string[]", "float32[9, 2, 4]", RGBA),
    ("string[]", "uint8[?, ?, 3]", RGBA),
    ("string[?]", "uint8[?, 3, ?, ?]", FILE, {"meaning": "pixels"}),
]


@pytest.mark.parametrize(
    ("required", "gives", "wants"),
    [
        ("uint8[?, ?, ?, 3]", {}, {}),
        ("uint8[?, ?, ?, 3]", {"meaning": "bytes"}, {}),
        ("uint8[?, ?, ?, 1]", FILE, {}),
        ("uint8[?, ?, ?, 7]", FILE, {}),
        ("uint8[?, ?, 3]", FILE, {}),
        ("float32[?, ?, ?, 3]", FILE, {"meaning": "embedding"}),
        ("uint8[?, ?, ?, 3]", {**FILE, "channel_order": "BGR"}, {}),
    ],
)
def test_what_is_no_picture_or_of_no_known_channels_is_left_alone(propose, required, gives, wants):
    assert propose("decode_image", "string[?]", required, gives, wants) == []


def test_declared_channels_are_no_assumption(propose):
    (assumed, *_), (declared, *_) = (
        propose("decode_image", "string[?]", "uint8[?, ?, ?, 3]", gives) for gives in (FILE, RGB)
    )
    assert (assumed.assumption, declared.assumption) == ("the pictures may be brought to 3 channels", None)


def test_pictures_lead_to_the_numbers_of_a_model():
    files = parse_spec("string[?]").replace(facts=Facts.model_validate(RGB))
    wanted = parse_spec("float32[?, 224, 224, 3]").replace(facts=Facts(range=(0, 1)))
    outcome = search(files, wanted)
    assert outcome.verdict == "guarded"
    assert [step.transform for step in outcome.plan.steps] == ["decode_image", "cast", "scale", "ensure_shape"]


@pytest.mark.parametrize("order", [FILE, RGB, RGBA])
def test_a_file_that_is_not_read_without_tensorflow_is_not_guessed(propose, order):
    (step,) = propose("decode_image", "string[?]", "uint8[?, ?, ?, 4]", order) or propose(
        "decode_image", "string[?]", "uint8[?, ?, ?, 3]", order
    )
    spec = parse_spec("string[?]")
    with pytest.raises(UsageError, match="expected a PNG of 8 bits, not interlaced"):
        decode_image.reference(spec, step, np.asarray([b"\xff\xd8\xff\xe0"], object))
    with pytest.raises(GuardError, match="is no picture"):
        decode_image.reference(spec, step, np.asarray([b"text"], object))


@pytest.mark.tensorflow
@pytest.mark.parametrize("made", [1, 2, 3, 4])
@pytest.mark.parametrize("wanted", [3, 4])
def test_channels_are_brought_to_what_is_wanted_as_tensorflow_does(made, wanted):
    import tensorflow as tf

    pixels = np.arange(2 * 5 * made, dtype=np.uint8).reshape(2, 5, made) * 6
    file = write_png(pixels)
    expected = tf.io.decode_image(file, channels=wanted, expand_animations=False).numpy()
    np.testing.assert_array_equal(decode_image._decode(file, wanted), expected)


@pytest.mark.parametrize(
    ("loss", "steps"),
    [("rounding", ["decode_image", "ensure_shape", "cast"]), ("truncating", ["decode_image"])],
)
def test_pictures_of_several_sizes_are_resized_where_detail_may_be_lost(loss, steps):
    files = parse_spec("string[?]").replace(facts=Facts.model_validate(RGB))
    plan = search(files, parse_spec("float32[?, 6, 4, 3]"), Policy(loss=loss)).plan
    assert [step.transform for step in plan.steps] == steps
    pictures = [np.full((height, 5, 3), 7, np.uint8) for height in (2, 6)]
    value = np.array([write_png(picture) for picture in pictures], object)
    if loss == "rounding":
        with pytest.raises(GuardError, match="several sizes"):
            run(files, plan, value)
        return
    np.testing.assert_array_equal(run(files, plan, value), np.full((2, 6, 4, 3), 7, np.float32))
    assert run(files, plan, value[:0]).shape == (0, 6, 4, 3)


@pytest.mark.parametrize(
    ("required", "wants", "size"),
    [
        ("float32[?, 6, 4, 3]", {}, (6, 4)),
        ("float32[?, 3, 6, 4]", {}, (6, 4)),
        ("float32[?, 4, 6, 3]", {"axes": ("batch", "width", "height", "channel")}, (6, 4)),
        ("float32[?, 4, 6, 3]", {"axes": ("batch", "time", "height", "channel")}, None),
        ("float32[?, ?, 4, 3]", {}, None),
        ("float32[?, 1, 4, 3]", {}, None),
        ("uint8[?, 6, 4, 3]", {}, None),
    ],
)
def test_one_size_is_read_off_the_shape_or_the_names(propose, required, wants, size):
    plain, *sized = propose("decode_image", "string[?]", required, RGB, wants)
    assert plain.instead_of == (None if size is None else "truncating")
    assert [step.arguments["size"] for step in sized] == ([] if size is None else [size])


@pytest.mark.parametrize("meaning", ["encoded_image", "base64", "base64_url"])
@pytest.mark.parametrize("required", ["float32[?, 8, 8, 3]", "float32[?, ?, ?, 3]", "uint8[?, 8, 8, 3]"])
def test_an_axis_of_one_is_removed_from_files_first(meaning, required):
    files = parse_spec("string[?, 1]").replace(facts=Facts(meaning=meaning, channel_order="RGB"))
    plan = search(files, parse_spec(required).replace(facts=Facts(meaning="pixels"))).plan
    assert plan.steps[0].transform == "squeeze"
    assert "decode_image" in [step.transform for step in plan.steps]


def test_a_name_that_is_in_use_is_given_to_no_second_axis(propose):
    gives = {"meaning": "encoded_image", "axes": ["height"]}
    (step,) = propose("decode_image", "string[?]", "uint8[?, ?, ?, 3]", gives)
    assert step.result.facts.axes == ("height", None, "width", "channel")


def test_colours_are_not_weighed_into_gray():
    files = parse_spec("string[]").replace(facts=Facts(meaning="encoded_image", channel_order="GRAY"))
    (step, *_) = decode_image.propose(files, parse_spec("uint8[?, ?, 1]"))
    with pytest.raises(UsageError, match="expected shades of gray"):
        decode_image.reference(files, step, np.array(write_png(np.zeros((2, 2, 3), np.uint8)), object))
