"""Whole models, of Keras applications and of packages on PyPI, run against what is claimed of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck import api
from tests.programs import told_by
from tests.published import PACKAGES

pytestmark = pytest.mark.tensorflow

SCORES = {"range": [0, 1], "meaning": "probabilities"}
# What must be claimed of published models, at the least.
EXPECTED = {
    "nmp": {"contour": {"range": [0, 1]}, "note": {"range": [0, 1]}, "onset": {"range": [0, 1]}},
    "retrained_graph.pb": {"final_result": SCORES},
    "spliceai1.h5": {"conv1d_39": SCORES},
    "keras_male_female_cnn.hdf5": {"dense_5": SCORES},
    "hey_rhasspy.tflite": {"39": {"range": [0, 1]}},
}


def test_no_claim_about_a_keras_application_is_refuted(tmp_path):
    told = told_by("tests.inference.refute_models", "applications", tmp_path)
    assert told["refuted"] == []
    assert told["compared"] >= 42
    assert {name: claims["Identity"] for name, claims in told["claimed"].items()} == dict.fromkeys(
        ("MobileNetV2", "MobileNetV3Small", "EfficientNetB0"), SCORES
    )
    scaled = {name for name, claims in told["claimed"].items() if claims["x"].get("range") == [0, 255]}
    assert scaled == {"MobileNetV3Small", "EfficientNetB0"}


# Models that only load with code of their own, and schemas: nothing of them runs here.
NOT_RUN = {"mmsplice==2.4.0", "tfx==1.21.0"}


@pytest.mark.parametrize("package", [one for one in PACKAGES if one not in NOT_RUN])
def test_no_claim_about_a_published_model_is_refuted(published, package):
    told = told_by("tests.inference.refute_models", *published(package))
    assert told["refuted"] == []
    assert len(told["claimed"]) == len(PACKAGES[package].models)
    for path, claims in told["claimed"].items():
        expected = EXPECTED.get(Path(path).name, {})
        assert {name: claims[name] for name in expected} == expected
        if Path(path).name == "spliceai1.h5":
            # It crops 5,000 steps off at each end.
            told_of = api.read(path, infer=True).signatures[0].constraints
            assert [one.holds for one in told_of] == ["input_1.1 >= 10001"]
