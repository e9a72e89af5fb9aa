"""What is passed on between models, in one model: it gives what the parts give by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import sigcheck
from sigcheck.pipelines.chain import check_chain
from tests.pipelines.test_fuse import load

pytestmark = pytest.mark.tensorflow

BIND = {"input.image": "crop.image", "detector.scores": "scores", "crops": "image"}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A detector, what cuts boxes out of its image, and what names the crops by scores of the detector."""
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("models")

    def pictures(dtype, size):
        return tf.TensorSpec([None, size, size, 3], dtype, "image")

    class Detector(tf.Module):
        @tf.function(input_signature=[pictures(tf.uint8, 8)])
        def __call__(self, image):
            top = tf.cast(tf.reduce_max(image, axis=[1, 2]), tf.float32) / 255.0
            return {"boxes": tf.stack([top[:, 0], top[:, 1]], axis=1), "scores": tf.cast(top[:, 2], tf.float64)}

    class Crop(tf.Module):
        @tf.function(input_signature=[pictures(tf.float32, 8), tf.TensorSpec([None, 2], tf.float32, "boxes")])
        def __call__(self, image, boxes):
            return {"crops": image[:, :4, :4] * boxes[:, :1, None, None]}

    class Names(tf.Module):
        @tf.function(input_signature=[pictures(tf.float32, 4), tf.TensorSpec([None], tf.float32, "scores")])
        def __call__(self, image, scores):
            return {"found": tf.reduce_mean(image, axis=[1, 2, 3]) + scores}

    for name, kind in (("detector", Detector), ("crop", Crop), ("names", Names)):
        made = kind()
        tf.saved_model.save(made, str(folder / name), signatures=made.__call__.get_concrete_function())
    return [folder / name for name in ("detector", "crop", "names")]


def by_hand(models, image):
    detector, crop, names = map(load, models)
    found = detector(image=image)
    crops = crop(image=image.astype(np.float32), boxes=found["boxes"])["crops"]
    return names(image=crops, scores=np.asarray(found["scores"], np.float32))["found"]


def images(count):
    return np.random.default_rng(count).integers(0, 256, (count, 8, 8, 3)).astype(np.uint8)


def test_one_model_gives_what_the_parts_give(models, tmp_path):
    result = sigcheck.fuse(models, tmp_path / "fused", bind=BIND)
    assert (result.verdict, result.exit_code) == ("adapts", 0)
    assert [link.verification.level for link in result.links] == ["executed", "executed"]
    fused = load(tmp_path / "fused")
    for count in (0, 1, 5):
        np.testing.assert_allclose(fused(image=images(count))["found"], by_hand(models, images(count)), rtol=1e-6)
    written = json.loads((tmp_path / "fused" / "assets.extra" / "sigcheck.json").read_text())
    assert [{name: plan["from"] for name, plan in link["plans"].items()} for link in written["links"]] == [
        {"image": "input.image", "boxes": "boxes"},
        {"image": "crops", "scores": "detector.scores"},
    ]


def test_the_models_of_a_repository_give_what_the_parts_give(models, tmp_path):
    """The ensemble is run here as its config says."""
    assert sigcheck.fuse(models, tmp_path / "repository", bind=BIND, verify="typed", triton=True).exit_code == 0
    config = (tmp_path / "repository" / "pipeline" / "config.pbtxt").read_text()
    tensors = {"image": images(3)}
    for step in re.findall(r"step \{(.*?)\n  \}", config, re.DOTALL):
        (name,) = re.findall(r'model_name: "(.*?)"', step)
        maps = {
            side: dict(re.findall(rf'{side}_map {{ key: "(.*?)" value: "(.*?)" }}', step))
            for side in ("input", "output")
        }
        model = load(tmp_path / "repository" / name / "1" / "model.savedmodel")
        given = model(**{own: tensors[tensor] for own, tensor in maps["input"].items()})
        tensors |= {tensor: given[own].numpy() for own, tensor in maps["output"].items()}
    np.testing.assert_allclose(tensors["found"], by_hand(models, images(3)), rtol=1e-6)


def test_each_link_is_run_between_its_models(models):
    result, _ = check_chain(models, bind=BIND, run_models=True)
    assert [(link.verification.level, link.verification.failures) for link in result.links] == [("end_to_end", ())] * 2


def test_rows_that_the_first_model_takes_in_parts_are_passed_on_whole(tmp_path):
    import tensorflow as tf

    rows = tf.RaggedTensorSpec([None, None], tf.int32, ragged_rank=1, row_splits_dtype=tf.int64)

    class Lengths(tf.Module):
        @tf.function(input_signature=[rows])
        def __call__(self, ids):
            return {"lengths": ids.row_lengths()}

    class Mean(tf.Module):
        @tf.function(input_signature=[rows, tf.TensorSpec([None], tf.int64, "lengths")])
        def __call__(self, ids, lengths):
            return {"mean": tf.reduce_sum(ids, axis=1) // tf.cast(lengths, tf.int32)}

    for name, kind in (("lengths", Lengths), ("mean", Mean)):
        made = kind()
        tf.saved_model.save(made, str(tmp_path / name), signatures=made.__call__.get_concrete_function())
    shown = sigcheck.read(tmp_path / "lengths").signatures[0].inputs
    assert [one.spec.kind for one in shown] == ["ragged"]
    bind = {f"input.{shown[0].name}": sigcheck.read(tmp_path / "mean").signatures[0].inputs[0].name}
    result = sigcheck.fuse([tmp_path / "lengths", tmp_path / "mean"], tmp_path / "fused", bind=bind, verify="typed")
    assert result.exit_code == 0
    values, splits = np.array([2, 4, 9], np.int32), np.array([0, 2, 3])
    fused = load(tmp_path / "fused")
    found = fused(**dict(zip(shown[0].parts, (values, splits), strict=True)))
    assert found["mean"].numpy().tolist() == [3, 9]


def test_a_certificate_of_what_is_passed_on_holds(models, monkeypatch, capsys):
    from sigcheck.cli import run

    monkeypatch.chdir(Path(models[0]).parent)
    assert run(["adapt", "detector", "crop", "--bind", "input.image=image", "-o", "adapter.py", "--quiet"]) == 0
    assert run(["verify", "adapter.py"]) == 0
    assert "its certificate holds" in capsys.readouterr().out
