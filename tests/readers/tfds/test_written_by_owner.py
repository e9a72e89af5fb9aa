"""Data sets as `tensorflow_datasets`, which owns the format, writes them, against the specs that it says itself."""

from __future__ import annotations

import numpy as np
import pytest

from sigcheck.readers import read

pytestmark = pytest.mark.tensorflow


def features(tfds, name):
    """The features of one data set, by the name that it has here."""
    f = tfds.features
    box = f.BBoxFeature()
    tensor = f.Tensor(shape=(None, 3), dtype=np.float32)
    return {
        "mnist": {"image": f.Image(shape=(28, 28, 1)), "label": f.ClassLabel(num_classes=10)},
        "pictures": {"image": f.Image(), "name": f.Text()},
        "tabular": {"age": f.Scalar(dtype=np.int64), "income": f.Scalar(dtype=np.float32), "on": f.Scalar(np.bool_)},
        "points": {"points": tensor, "id": f.Tensor(shape=(), dtype=np.uint8)},
        "detection": {"image": f.Image(shape=(None, None, 3)), "box": box, "kind": f.ClassLabel(names=["a", "b"])},
        "sequence": {"tokens": f.Sequence(f.Scalar(np.int32)), "three": f.Sequence(f.Scalar(np.int64), length=3)},
        "nested": {"a": {"b": f.Scalar(np.float64), "c": {"d": f.Text()}}},
        "ragged": {"rows": f.Sequence(f.Sequence(f.Scalar(np.int64)))},
        "objects": {"objects": f.Sequence({"bbox": f.BBoxFeature(), "label": f.ClassLabel(num_classes=3)})},
        "audio": {"audio": f.Audio(), "speaker": f.Text()},
        "video": {"video": f.Video(shape=(None, 64, 64, 3))},
        "translation": {"pair": f.Translation(languages=["en", "fr"])},
    }[name]


NAMES = (
    *("mnist", "pictures", "tabular", "points", "detection", "sequence", "nested", "ragged", "objects", "audio"),
    *("video", "translation"),
)


def flat(owned, name=""):
    """The tensors of nested features, by the last of their names."""
    if isinstance(owned, dict):
        return {key: info for own, one in owned.items() for key, info in flat(one, own).items()}
    return {name: owned}


@pytest.mark.parametrize("name", NAMES)
def test_each_tensor_is_what_its_owner_says(tmp_path, name):
    tfds = pytest.importorskip("tensorflow_datasets")
    owned = tfds.features.FeaturesDict(features(tfds, name))
    owned.save_config(str(tmp_path))
    infos = flat(owned.get_tensor_info())
    (signature,) = read(tmp_path / "features.json").signatures
    assert {one.name for one in signature.outputs} == set(infos)
    for one in signature.outputs:
        info = infos[one.name]
        assert one.spec.dtype == info.tf_dtype.name, one
        if one.spec.kind == "dense":
            assert one.spec.shape == tuple(info.shape), one
        else:
            assert len(one.spec.shape) == len(info.shape), one
