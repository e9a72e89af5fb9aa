"""Forms of strings that models make and read, in loops too, of real exports."""

from __future__ import annotations

import pytest

from sigcheck import api

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def shown(tmp_path):
    """Gives the meanings that the graph of a function shows of its input and of its output."""
    import tensorflow as tf

    def show(function, spec="string", shape=(None,)):
        module = tf.Module()
        module.serve = tf.function(function, input_signature=[tf.TensorSpec(shape, spec, "x")])
        place = str(tmp_path / "model")
        tf.saved_model.save(module, place, signatures={"serving_default": module.serve})
        (signature,) = api.read(place, infer=True).signatures
        ends = (*signature.inputs, *signature.outputs)
        return [next((one.value for one in end.inferred if one.name == "meaning"), None) for end in ends]

    return show


def test_strings_that_one_operation_makes(shown):
    import tensorflow as tf

    assert shown(lambda x: {"y": tf.io.encode_base64(x)[:, None]}) == [None, "base64_url"]
    assert shown(lambda x: {"y": tf.io.encode_png(x)}, "uint8", (4, 4, 3)) == [None, "encoded_image"]
    assert shown(lambda x: {"y": tf.strings.join([tf.io.encode_base64(x), "="])}) == [None, None]
    assert shown(lambda x: {"y": tf.strings.as_string(x)}, "int32") == [None, None]


def test_each_row_of_a_map_is_made_by_it(shown):
    import tensorflow as tf

    def encoded(pictures):
        return {"y": tf.map_fn(tf.io.encode_jpeg, pictures, fn_output_signature=tf.string)}

    assert shown(encoded, "uint8", (None, 4, 4, 3)) == [None, "encoded_image"]

    def either(x):
        return tf.where(tf.strings.length(x) > 3, tf.io.encode_base64(x), x)

    assert shown(lambda x: {"y": tf.map_fn(either, x, fn_output_signature=tf.string)}) == [None, None]


def test_each_row_of_a_map_is_read_by_it(shown):
    import tensorflow as tf

    def mean(picture):
        return tf.reduce_mean(tf.cast(tf.reshape(tf.io.decode_jpeg(picture, 3), [-1]), tf.float32))

    assert shown(lambda x: {"y": tf.map_fn(mean, x, fn_output_signature=tf.float32)}) == ["encoded_image", None]

    def mean_or_length(picture):
        return mean(picture) + tf.cast(tf.strings.length(picture), tf.float32)

    read = {"y": lambda x: tf.map_fn(mean_or_length, x, fn_output_signature=tf.float32)}
    assert shown(lambda x: {"y": read["y"](x)}) == [None, None]
    # What else reads the strings takes any.
    assert shown(lambda x: {"y": tf.map_fn(mean, x, fn_output_signature=tf.float32), "n": tf.strings.length(x)}) == [
        None,
        None,
        None,
    ]


def test_rows_that_are_kept_in_the_loop_are_of_any_form(shown):
    import tensorflow as tf

    def both(picture):
        return tf.reduce_mean(tf.cast(tf.reshape(tf.io.decode_jpeg(picture, 3), [-1]), tf.float32)), picture

    told = shown(
        lambda x: dict(zip("yz", tf.map_fn(both, x, fn_output_signature=(tf.float32, tf.string)), strict=True))
    )
    assert told == [None, None, None]
