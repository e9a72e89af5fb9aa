"""Public reports of pictures as text: serving 1590 and others, base64 into a model that decodes JPEG row by row."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from sigcheck.cli import run

pytestmark = pytest.mark.tensorflow


def test_base64_is_decoded_before_a_model_that_maps_over_pictures(tmp_path, monkeypatch, capsys):
    import tensorflow as tf

    monkeypatch.chdir(tmp_path)

    def save(name, function, argument):
        module = tf.Module()
        module.serve = tf.function(function, input_signature=[tf.TensorSpec([None], tf.string, argument)])
        tf.saved_model.save(module, name, signatures={"serving_default": module.serve})

    def mean(picture):
        return tf.reduce_mean(tf.cast(tf.io.decode_png(picture, 3), tf.float32), [0, 1])

    save("client", lambda x: {"image": tf.io.encode_base64(x)}, "x")
    save("server", lambda b: {"y": tf.map_fn(mean, b, fn_output_signature=tf.TensorSpec([3], tf.float32))}, "b")
    assert run(["check", "client", "server", "--verify", "typed"]) == 0
    assert "decode_base64(form=base64_url)" in capsys.readouterr().out
    assert run(["adapt", "client", "server", "-o", "adapter.py", "--verify", "typed", "--quiet"]) == 0
    module: dict = {}
    exec(compile((tmp_path / "adapter.py").read_text(), "adapter.py", "exec"), module)
    picture = tf.io.encode_png(np.full((2, 2, 3), 7, np.uint8)).numpy()
    text = base64.urlsafe_b64encode(picture)
    made = module["adapt"]({"image": tf.constant([text])})
    assert made["b"].numpy().tolist() == [picture]


def test_text_of_which_nothing_is_known_is_not_taken_for_pictures(tmp_path, monkeypatch):
    import tensorflow as tf

    monkeypatch.chdir(tmp_path)
    module = tf.Module()
    module.serve = tf.function(
        lambda b: {"y": tf.map_fn(lambda one: tf.shape(tf.io.decode_png(one)), b, fn_output_signature=tf.int32)},
        input_signature=[tf.TensorSpec([None], tf.string, "b")],
    )
    tf.saved_model.save(module, "server", signatures={"serving_default": module.serve})
    (tmp_path / "client.toml").write_text("[outputs]\nb = 'string[?]'\n")
    assert run(["check", "client.toml", "server", "--verify", "typed"]) == 2
