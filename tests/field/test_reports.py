"""Public reports, replayed as their authors would: what they had, what they wanted, and what is said of it today.

Those that need more than tensors into tensors (constants, a model called row by row, boxes, states) stand with the
features that answer them.
"""

from __future__ import annotations

import numpy as np
import pytest

from sigcheck.cli import run

pytestmark = pytest.mark.tensorflow

PICTURE = ["height", "width", "channel"]
BATCH = ["batch", *PICTURE]
OPENCV, MODULE = {"channel_order": "BGR", "range": [0, 255]}, {"channel_order": "RGB", "range": [0, 1]}
STATES = {"state_h": "float32[?, 4]", "state_c": "float32[?, 4]"}


def stored(scale, zero_point, **facts):
    return {"quantization": {"scale": scale, "zero_point": zero_point}, **facts}


class TestFramesOfACnnIntoAnLstm:
    """tensorflow 44743: features [?, 32] of 40 frames into an LSTM that takes [?, 40, 32]."""

    FRAMES, SEQUENCE = "float32[?, 32]", "float32[?, 40, 32]"

    def test_one_frame_is_not_repeated_forty_times(self, check):
        told = check({"features": self.FRAMES}, {"x": self.SEQUENCE})
        assert (told.code, told.verdict, told.steps) == (2, "undecided", {})
        assert "--fact producer.features.axes=" in told.errors["invented_values"]

    def test_once_the_axes_say_that_the_frames_are_the_batch_they_are_stacked(self, adapt):
        named = (self.FRAMES, {"axes": ["time", "feature"]}), (self.SEQUENCE, {"axes": ["batch", "time", "feature"]})
        frames = np.arange(40 * 32, dtype=np.float32).reshape(40, 32)
        (made,) = adapt({"features": named[0]}, {"x": named[1]}, {"features": frames}).values()
        np.testing.assert_array_equal(made, frames[None])


class TestDictOutputs:
    """keras 20136, 20070, 20086: dict outputs into a model built with a list."""

    def test_they_go_by_name(self, check):
        told = check({"b": "float32[?, 3]", "a": "float32[?, 3]"}, {"a": "float32[?, 3]", "b": "float32[?, 3]"})
        assert (told.code, told.verdict, told.fed) == (0, "fits", {"a": "a", "b": "b"})

    def test_the_models_themselves_are_fused_by_name(self, tmp_path, monkeypatch):
        import tensorflow as tf

        monkeypatch.chdir(tmp_path)

        @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, "x")])
        def split(x):
            return {"b": x + 1, "a": x * 2}

        ends = [tf.TensorSpec([None, 3], tf.float32, name) for name in ("a", "b")]

        @tf.function(input_signature=ends)
        def join(a, b):
            return {"y": a - b}

        for name, function in (("split", split), ("join", join)):
            model = tf.Module()
            model.serve = function
            tf.saved_model.save(model, name, signatures={"serving_default": function})
        assert run(["fuse", "split", "join", "-o", "both", "--quiet"]) == 0
        both = tf.saved_model.load("both")
        x = np.arange(6, dtype=np.float32).reshape(2, 3)
        np.testing.assert_array_equal(both.signatures["serving_default"](x=tf.constant(x))["y"], 2 * x - (x + 1))


class TestQuantizedModels:
    """tensorflow 40681, 53069: int8 models in a chain, and camera bytes into an int8 model of [0, 1]."""

    CAMERA, CODES = "uint8[1, 4, 4, 3]", "int8[1, 4, 4, 3]"

    def test_models_of_other_scales_are_requantized(self, adapt):
        ends = ({"y": ("int8[1, 4]", stored(0.1, 3))}, {"x": ("int8[1, 4]", stored(0.2, -5))})
        made = adapt(*ends, {"y": np.array([[-128, 3, 13, 127]], np.int8)})["x"]
        np.testing.assert_array_equal(made, [[-71, -5, 0, 57]])

    def test_bytes_are_not_taken_for_codes(self, check):
        told = check({"image": self.CAMERA}, {"x": (self.CODES, stored(1 / 255, -128))})
        assert (told.code, told.verdict) == (1, "blocked")
        assert (
            "--fact producer.image.range=0,255 and --fact consumer.x.range=0,1" in told.errors["quantization_mismatch"]
        )

    def test_with_both_ranges_a_byte_x_is_stored_as_x_minus_128(self, adapt):
        picture = np.arange(48, dtype=np.uint8).reshape(1, 4, 4, 3) * 5
        ends = (
            {"image": (self.CAMERA, {"range": [0, 255]})},
            {"x": (self.CODES, stored(1 / 255, -128, range=[0, 1]))},
        )
        np.testing.assert_array_equal(adapt(*ends, {"image": picture})["x"], picture.astype(int) - 128)


class TestPixelsIntoAConvertedGraphModel:
    """tfjs 7004, 3107, 3723: int32 is the only whole number of such a model."""

    def test_bytes_are_cast(self, check):
        told = check({"pixels": "uint8[?, 4, 4, 3]"}, {"x": "int32[?, 4, 4, 3]"})
        assert (told.code, told.steps) == (0, {"x": ["cast"]})

    def test_floats_are_rounded_where_they_are_declared_to_be_pixels(self, check, adapt):
        assert check({"pixels": "float32[?, 2]"}, {"x": "int32[?, 2]"}).verdict == "blocked"
        pixels = {"range": [0, 255], "meaning": "pixels"}
        ends = ({"pixels": ("float32[?, 2]", pixels)}, {"x": ("int32[?, 2]", pixels)})
        made = adapt(*ends, {"pixels": np.array([[0.4, 254.6]], np.float32)})["x"]
        np.testing.assert_array_equal(made, np.array([[0, 255]], np.int32))


@pytest.mark.parametrize(
    ("provided", "required", "rules"),
    [
        ("bfloat16", "float32", set()),
        ("float32", "bfloat16", {"lossy_cast"}),
        ("float32", "float16", {"lossy_cast", "overflow_risk"}),
    ],
)
def test_mixed_precision_is_cast_and_overflow_is_warned_of(check, provided, required, rules):
    """tensorflow 35379, transformers 12332."""
    told = check({"y": f"{provided}[?, 8]"}, {"x": f"{required}[?, 8]"})
    assert (told.code, told.steps) == (0, {"x": ["cast"]})
    warned = {one["rule"] for one in told.report["findings"] if one["level"] == "warning"}
    assert warned & {"lossy_cast", "overflow_risk"} == rules


def test_titles_of_three_are_not_flattened_beside_one_user(check):
    """recommenders 413, 268, 171, 586: every call of a ranker of pairs would fail."""
    ends = ({"titles": "string[?, 3]", "user": "string[?]"}, {"movie_title": "string[?]", "user_id": "string[?]"})
    told = check(*ends, "--bind", "titles=movie_title", "--bind", "user=user_id")
    assert (told.code, told.verdict) == (2, "undecided")
    assert {"unshared_batch", "invented_values"} <= set(told.errors)
    assert check(*ends, "--bind", "titles=movie_title", "--bind", "user=user_id", "--assume", "warn").code == 2


class TestTimeMajorOutputs:
    """tensorflow 20585, 3528: time-major encoder outputs, int64 lengths, two states."""

    OUTPUTS, MEMORY = "float32[?, ?, 4]", "float32[?, ?, 4]"

    def test_that_nobody_named_the_axes_is_told(self, check):
        told = check({"memory": self.OUTPUTS, **STATES}, {**dict(reversed(STATES.items())), "memory": self.MEMORY})
        assert told.fed == {"memory": "memory", "state_h": "state_h", "state_c": "state_c"}
        assert "axes of memory: not declared" in told.report["unchecked"]

    def test_once_they_are_named_they_are_turned_and_lengths_are_guarded(self, adapt):
        ends = (
            {"outputs": (self.OUTPUTS, {"axes": ["time", "batch", "feature"]}), "lengths": "int64[?]"},
            {"memory": (self.MEMORY, {"axes": ["batch", "time", "feature"]}), "lengths": "int32[?]"},
        )
        outputs = np.arange(24, dtype=np.float32).reshape(3, 2, 4)
        made = adapt(*ends, {"outputs": outputs, "lengths": np.array([3, 1])})
        np.testing.assert_array_equal(made["memory"], outputs.transpose(1, 0, 2))
        np.testing.assert_array_equal(made["lengths"], np.array([3, 1], np.int32))


def test_features_of_float64_are_cast_and_nothing_is_made_up_for_the_label(check):
    """A tutorial on `expected min_ndim=2`, keras 23258: (features, label) of a dataset, unbatched."""
    told = check({"features": "float64[10]", "label": "int64[]"}, {"x": "float32[?, 10]"})
    assert (told.code, told.fed, told.steps) == (0, {"x": "features"}, {"x": ["expand_dims", "cast"]})


class TestPixelsOfOpenCv:
    """hub 211, tensorflow 50736: BGR bytes into a module that takes RGB in [0, 1], of 32 x 32."""

    def test_the_axes_open_the_path_and_the_help_says_so(self, check):
        told = check({"image": ("uint8[?, ?, 3]", OPENCV)}, {"images": ("float32[?, 32, 32, 3]", MODULE)})
        assert told.verdict == "blocked"
        named = (
            "--fact producer.image.axes=height,width,channel and --fact consumer.images.axes=batch,height,width,channel"
        )
        assert f"declare {named}" in told.errors["rank_mismatch"]
        options = [word for word in named.split() if word != "and"]
        told = check({"image": ("uint8[?, ?, 3]", OPENCV)}, {"images": ("float32[?, 32, 32, 3]", MODULE)}, *options)
        # What is open may be larger, which loses, or smaller, which makes up: another size is refused.
        assert (told.code, told.verdict) == (0, "guarded")

    def test_a_picture_of_half_the_size_is_put_up_turned_and_scaled(self, adapt):
        ends = (
            {"image": ("uint8[2, 2, 3]", {**OPENCV, "axes": PICTURE})},
            {"images": ("float32[?, 4, 4, 3]", {**MODULE, "axes": BATCH})},
        )
        picture = np.broadcast_to(np.array([255, 51, 0], np.uint8), (2, 2, 3)).copy()
        made = adapt(*ends, {"image": picture})["images"]
        np.testing.assert_allclose(made, np.broadcast_to([0, 0.2, 1], (1, 4, 4, 3)), atol=1e-6)


class TestKeypoints:
    """ncnn 4022, movenet 25: [1, 1, 17, 3] of MoveNet into classifiers of 51, of 17 x 2 and of 34 numbers."""

    KEYPOINTS = "float32[1, 1, 17, 3]"

    def test_all_of_them_are_flattened(self, adapt):
        keypoints = np.arange(51, dtype=np.float32).reshape(1, 1, 17, 3)
        (made,) = adapt({"keypoints": self.KEYPOINTS}, {"x": "float32[?, 51]"}, {"keypoints": keypoints}).values()
        np.testing.assert_array_equal(made, keypoints.reshape(1, 51))

    def test_scores_are_left_out_by_permission(self, check, adapt):
        ends = ({"keypoints": self.KEYPOINTS}, {"x": "float32[?, 17, 2]"})
        assert "--loss truncating" in check(*ends).errors["truncated_rows"]
        keypoints = np.arange(51, dtype=np.float32).reshape(1, 1, 17, 3)
        (made,) = adapt(*ends, {"keypoints": keypoints}, "--loss", "truncating").values()
        np.testing.assert_array_equal(made, keypoints[0, ..., :2])

    @pytest.mark.parametrize("options", [(), ("--loss", "truncating")])
    def test_keypoints_are_no_examples_that_are_filled_up(self, check, options):
        told = check({"keypoints": self.KEYPOINTS}, {"x": "float32[?, 34]"}, *options)
        assert (told.code, told.verdict, told.steps) == (1, "blocked", {})


class TestLabelsOfACtcDecoder:
    """CRNN_Tensorflow 275, tensorflow 22396: sparse labels into a lookup, filled with the blank."""

    def test_nothing_is_filled_with_a_letter(self, check):
        told = check({"labels": "sparse int64[?, ?]"}, {"x": "int64[?, ?]"})
        assert (told.code, told.verdict) == (2, "undecided")
        assert "consumer.x.padding=" in told.errors["invented_values"]

    def test_the_declared_blank_fills_the_rows(self, adapt):
        import tensorflow as tf

        labels = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], np.array([7, 8, 9], np.int64), [2, 3])
        ends = ({"labels": "sparse int64[?, ?]"}, {"x": ("int64[?, ?]", {"padding": {"value": 36}})})
        np.testing.assert_array_equal(adapt(*ends, {"labels": labels})["x"], [[7, 36, 36], [8, 9, 36]])


class TestClipsIntoYamnet:
    """tensorflow 53246, models 8157: clips, or int16, into one waveform in [-1, 1]."""

    def test_clips_are_not_glued(self, check):
        assert check({"wav": "float32[?, 1000]"}, {"waveform": "float32[?]"}).verdict == "undecided"
        named = (
            {"wav": ("float32[?, 1000]", {"axes": ["batch", "time"]})},
            {"waveform": ("float32[?]", {"axes": ["time"]})},
        )
        assert check(*named).verdict == "blocked"

    def test_whole_numbers_of_a_declared_range_are_scaled(self, adapt):
        ends = (
            {"wav": ("int16[?]", {"range": [-32768, 32767]})},
            {"waveform": ("float32[?]", {"range": [-1, 1]})},
        )
        made = adapt(*ends, {"wav": np.array([-32768, 0, 32767], np.int16)})["waveform"]
        np.testing.assert_allclose(made, [-1, 0, 1], atol=2e-5)

    def test_of_which_nobody_says_the_range_it_is_told(self, check):
        told = check({"wav": "int16[?]"}, {"waveform": ("float32[?]", {"range": [-1, 1]})})
        assert "value range of waveform: not declared by the producer" in told.report["unchecked"]


def test_the_bins_of_one_model_are_not_the_samples_of_another(check):
    """DTLN 56, 52: 257 bins against 512 samples; the states go by name."""
    ends = (
        {"out_mask": "float32[1, 1, 257]", "states": "float32[1, 2, 128, 2]"},
        {"states": "float32[1, 2, 128, 2]", "frame": "float32[1, 1, 512]"},
    )
    told = check(*ends)
    assert (told.code, told.verdict, told.steps) == (2, "undecided", {"states": []})


class TestPlainTextIntoAModelOfExamples:
    """serving 1404, 1835, 1590: features, or text, into a model that takes serialized tf.Examples."""

    MODEL = """\
[signatures.serving_default.inputs]
inputs = { spec = "string[?]", facts = { meaning = "serialized_example" } }
[signatures.predict_raw.inputs]
features = "float32[?, 4]"
"""

    @pytest.fixture
    def estimator(self, models, tmp_path):
        (tmp_path / "estimator.toml").write_text(self.MODEL)

        def write(outputs):
            models(outputs, {"unused": "float32[]"})

        return write

    def test_that_nothing_says_what_the_text_is_is_told(self, estimator, capsys):
        """Where the graph parses it, which these contracts do not show, it is an error."""
        estimator({"text": "string[?]"})
        run(["check", "producer.json", "estimator.toml#serving_default", "--verify", "typed"])
        assert "meaning of inputs: not declared by the producer" in capsys.readouterr().out

    def test_features_fit_the_signature_that_takes_them(self, estimator, capsys):
        estimator({"features": "float32[?, 4]"})
        assert run(["check", "producer.json", "estimator.toml#serving_default", "--verify", "typed"]) == 1
        assert run(["check", "producer.json", "estimator.toml#predict_raw", "--verify", "typed"]) == 0
        capsys.readouterr()
