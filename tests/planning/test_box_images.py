from __future__ import annotations

import pytest

from sigcheck.planning.box_images import with_image_sizes
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint


def end(name, text, **facts):
    return Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts.model_validate(facts)))


BOXES = end("boxes", "float32[?, 4]", boxes={"order": "xyxy", "unit": "pixels", "image": "image"})
AXES = ["batch", "channel", "height", "width"]


def test_the_size_is_that_of_the_named_axes():
    (made,) = with_image_sizes([BOXES], [end("image", "uint8[?, 3, 480, 640]", axes=AXES)], "producer")
    assert made.spec.facts.boxes.size == (480, 640)


def test_a_size_that_is_written_stays():
    told = end("boxes", "float32[?, 4]", boxes={"order": "xyxy", "unit": "pixels", "image": "image", "size": [1, 2]})
    assert with_image_sizes([told], [], "producer") == (told,)


def test_a_size_that_only_the_run_knows_is_left_open():
    (made,) = with_image_sizes([BOXES], [end("image", "uint8[?, 3, 480, ?]", axes=AXES)], "producer")
    assert (made.spec.facts.boxes.size, made.spec.facts.boxes.image) == (None, "image")


@pytest.mark.parametrize(
    ("images", "said"),
    [
        ([], "no image 'image'"),
        ([end("images", "uint8[?, 3, 480, 640]", axes=AXES)], "did you mean 'images'"),
        ([end("image", "uint8[?, 480, 640, 3]")], "no axes height and width in image"),
    ],
)
def test_an_image_of_which_nothing_says_the_size_is_refused(images, said):
    with pytest.raises(UsageError, match=said) as raised:
        with_image_sizes([BOXES], images, "producer")
    assert str(raised.value).startswith("producer.boxes.boxes: ")
