"""Public reports of pictures that were scaled twice, or never, replayed with models as their authors had them."""

from __future__ import annotations

import numpy as np
import pytest

from sigcheck.cli import run

pytestmark = pytest.mark.tensorflow

SIZES = [None, 8, 8, 3]
TORCH = '{"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375], "raw_range": [0, 255]}'


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Modules that prepare bytes, and networks that take pictures raw, scaled, and quantized for either."""
    import keras
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("models")

    def prepare(name, ready):
        module = tf.Module()
        module.serve = tf.function(
            lambda b: {"image": ready(tf.cast(b, tf.float32))}, input_signature=[tf.TensorSpec(SIZES, tf.uint8, "b")]
        )
        tf.saved_model.save(module, str(folder / name), signatures={"serving_default": module.serve})

    def network(*before):
        x = given = keras.Input(SIZES[1:], name="image")
        for layer in before:
            x = layer(x)
        x = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(2, 3)(x))
        return keras.Model(given, x)

    def quantized(name, model, ends, kind):
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        picture = np.linspace(*ends, 192, dtype=np.float32).reshape(1, 8, 8, 3)
        converter.representative_dataset = lambda: ([picture] for _ in range(3))
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        if kind:
            converter.inference_input_type = kind
        (folder / name).write_bytes(converter.convert())

    prepare("unit", lambda x: x / 255)
    prepare("torch", lambda x: (x / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225])
    normalizing = keras.layers.Normalization(mean=[123.675, 116.28, 103.53], variance=[58.395**2, 57.12**2, 57.375**2])
    network(normalizing).save(folder / "normalizing.keras")
    rescaling = network(keras.layers.Rescaling(1 / 255))
    quantized("raw_u8.tflite", rescaling, (0, 255), tf.uint8)
    quantized("unit_u8.tflite", network(), (0, 1), tf.uint8)
    quantized("signed_float.tflite", network(), (-1, 1), None)
    return folder


@pytest.fixture
def told(models, capsys, monkeypatch):
    monkeypatch.chdir(models)

    def typed(*options):
        code = run(["check", *options, "--verify", "typed"])
        return code, " ".join(capsys.readouterr().out.split())

    return typed


class TestPicturesThatAreNormalizedTwice:
    """tensorflow/models 9413, tensorflow 39925: `preprocess_input` before a model that has it inside."""

    def test_values_around_zero_are_no_pixels(self, told):
        code, out = told("torch", "normalizing.keras")
        assert (code, "image: note[double_rescale]" in out) == (0, True)

    def test_once_the_input_is_declared_it_is_a_warning_and_not_silent(self, told):
        _, out = told("torch", "normalizing.keras", "--fact", "consumer.image.range=0,255")
        assert "image: warning[double_rescale]: required values in [0, 255], the graph gives values in [-2." in out

    def test_what_the_help_names_takes_the_first_one_off(self, told):
        facts = ("--fact", "consumer.image.range=0,255", "--fact", f"producer.image.normalization={TORCH}")
        code, out = told("torch", "normalizing.keras", *facts)
        assert (code, "destandardize" in out, "double_rescale" in out) == (0, True, False)


class TestPicturesThatAreScaledBeforeAModelQuantizedForBytes:
    """hunglc007/tensorflow-yolov4-tflite 228, TinyNeuralNetwork 264: x / 255 into uint8 of scale 1 is 0 or 1."""

    def test_that_two_numbers_are_left_is_told(self, told):
        _, out = told("unit", "raw_u8.tflite")
        assert "warning[coarse_quantization]: stored in steps of 1, provided values in [0, 1]: 2 numbers tell" in out

    def test_the_help_leads_to_bytes(self, told):
        code, out = told("unit", "raw_u8.tflite", "--fact", "consumer.image.range=0,255")
        assert (code, "coarse_quantization" in out) == (0, False)
        assert "1. scale(from=[0, 1], to=[0, 255])" in out


class TestARangeIsOfRealValues:
    """tflite-support 911: what is stored as 0 to 255 by a scale of 1/255 are values in [0, 1]."""

    def test_no_scaling_of_bytes_is_claimed_of_it(self, told):
        code, out = told("unit", "unit_u8.tflite")
        assert (code, "double_rescale" in out, "[0, 255]" in out) == (0, False, False)


class TestBytesIntoAModelThatQuantizesAtOnce:
    """tensorflow 40477, 31722: real numbers go in, and what lies beyond 1 is cut off."""

    def test_that_they_are_cut_off_is_told(self, told):
        _, out = told("unit", "signed_float.tflite")
        assert "saturating_quantization" not in out
        _, out = told("bytes.toml", "signed_float.tflite")
        assert "warning[saturating_quantization]: quantized values reach from -0.99" in out
        assert "--fact producer.image.range=0,255 and --fact consumer.image.range=-0.99" in out

    @pytest.fixture(autouse=True)
    def camera(self, models):
        (models / "bytes.toml").write_text(
            "[outputs]\nimage = { spec = 'uint8[?, 8, 8, 3]', facts = { range = [0, 255] } }\n"
        )
