"""Data sets of TFDS, as `tfds.features.FeaturesDict.save_config` of version 4.9.10 writes them.

Each spec is what `get_tensor_spec` of the same features says.
"""

from __future__ import annotations

import json

import pytest

from sigcheck.api import check
from sigcheck.encodings.source import Source
from sigcheck.readers import read, recognize
from sigcheck.readers.folder import find_models
from sigcheck.schema.errors import SourceError
from tests.readers.tfds.hostile import IMAGE, LABEL, TENSOR, feature, of_dict, sequence, shaped

BOX = feature("bounding_boxes.BBoxFeature", boundingBox=shaped(4, dtype="float32", bboxFormat="REL_YXYX"))
SCALAR = feature("tensor_feature.Tensor", tensor=shaped(dtype="float32", encoding="none"))
IN_A_SET = sequence(of_dict({"a": SCALAR}), name="dataset_feature.Dataset")


@pytest.fixture
def written(tmp_path):
    def write(**features):
        path = tmp_path / "features.json"
        path.write_text(json.dumps(of_dict(features), indent=4))
        return path

    return write


def outputs(path):
    (signature,) = read(path).signatures
    assert signature.inputs == ()
    return {one.name: one.spec for one in signature.outputs}


@pytest.mark.parametrize(
    ("name", "one", "told"),
    [
        ("image", IMAGE, {"image": "uint8[28, 28, 1]"}),
        ("any", feature("image_feature.Image", image=shaped(-1, -1, 3)), {"any": "uint8[?, ?, 3]"}),
        ("label", LABEL, {"label": "int64[]"}),
        ("text", feature("text_feature.Text", text={}), {"text": "string[]"}),
        ("x", feature("tensor_feature.Tensor", tensor=shaped(-1, 3, dtype="float32")), {"x": "float32[?, 3]"}),
        ("s", feature("scalar.Scalar", tensor=shaped(dtype="uint8", encoding="none")), {"s": "uint8[]"}),
        ("box", BOX, {"box": "float32[4]"}),
        ("seq", sequence(SCALAR), {"seq": "float32[?]"}),
        ("seq3", sequence(feature("image_feature.Image", image=shaped(8, 8, 3)), "3"), {"seq3": "uint8[3, 8, 8, 3]"}),
        ("rag", sequence(sequence(SCALAR)), {"rag": "ragged float32[?, None]"}),
        ("objects", sequence(of_dict({"bbox": BOX, "label": LABEL})), {"bbox": "float32[?, 4]", "label": "int64[?]"}),
        ("nested", of_dict({"id": SCALAR, "b": LABEL}), {"b": "int64[]", "id": "float32[]"}),
        ("audio", feature("audio_feature.Audio", audio=shaped(-1, dtype="int64")), {"audio": "int64[?]"}),
        ("video", feature("video_feature.Video", video=shaped(-1, 64, 64, 3)), {"video": "uint8[?, 64, 64, 3]"}),
        (
            "tr",
            feature("translation_feature.Translation", translation={"languages": ["fr", "en"]}),
            {"en": "string[]", "fr": "string[]"},
        ),
        (
            "tv",
            feature(
                "translation_feature.TranslationVariableLanguages", translation={"variableLanguagesPerExample": True}
            ),
            {"language": "string[?]", "translation": "string[?]"},
        ),
    ],
)
def test_a_feature_is_the_tensor_of_an_example(written, name, one, told):
    path = written(**{name: one})
    assert (read(path).reader, read(path).notes) == ("tfds", ())
    assert {key: str(spec) for key, spec in outputs(path).items()} == told


def test_what_features_mean_are_facts(written):
    segmented = shaped(-1, -1, 1, useColormap=True)
    specs = outputs(
        written(
            image=IMAGE,
            labelled=feature("labeled_image.LabeledImage", image={**segmented, "label": {"numClasses": "5"}}),
            map=feature("image_feature.Image", image=segmented),
            depth=feature("image_feature.Image", image=shaped(4, 4, 1, dtype="float32")),
            frames=sequence(feature("image_feature.Image", image=shaped(8, 8, 3))),
            label=LABEL,
            open=feature("class_label_feature.ClassLabel", classLabel={}),
            box=BOX,
            other=feature(
                "bounding_boxes.BBoxFeature", boundingBox=shaped(4, dtype="float32", bboxFormat="CENTER_XYWH")
            ),
        )
    )
    axes = ("height", "width", "channel")
    pixels = {"meaning": "pixels", "range": (0, 255)}
    boxes = specs["box"].facts.boxes
    assert (boxes.order, boxes.unit) == ("yxyx", "normalized")
    assert {name: spec.facts.known() for name, spec in specs.items() if name != "box"} == {
        "image": {"axes": axes, **pixels, "channel_order": "GRAY"},
        "labelled": {"axes": axes, "meaning": "class_ids", "id_count": 5},
        "map": {"axes": axes},
        "depth": {"axes": axes},
        "frames": {"axes": (None, *axes), **pixels, "channel_order": "RGB"},
        "label": {"meaning": "class_ids", "id_count": 10},
        "open": {"meaning": "class_ids"},
        "other": {},
    }


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (IN_A_SET, "a data set inside of each example"),
        ({**TENSOR, "pythonClassName": "mine.Feature"}, "not one of TFDS"),
        (feature("x.Other", jsonFeature={"json": "{}"}), "says no tensor of itself"),
        (sequence(sequence(SCALAR, "3")), "a length of their own"),
        (feature("tensor_feature.Tensor", tensor=shaped(2, dtype="float33")), "none that TensorFlow has"),
    ],
)
def test_what_is_not_known_is_a_note_and_never_passes(written, one, problem):
    path = written(x=one)
    (note,) = read(path).notes
    assert (note.place, problem in note.message) == ("x", True)
    assert check(str(path), {"x": "float32[2]"}, verify="typed").verdict == "undecided"


def test_the_folder_and_its_information_say_the_same(written, tmp_path):
    path = written(x=TENSOR)
    info = tmp_path / "dataset_info.json"
    info.write_text(json.dumps({"name": "mine", "version": "1.0.0", "fileFormat": "tfrecord", "splits": []}))
    assert outputs(tmp_path) == outputs(info) == outputs(path)
    assert [one.path for one in find_models(tmp_path)] == [tmp_path]
    # An information may have the features in it, too.
    info.write_text(json.dumps({"name": "mine", "features": of_dict({"y": LABEL})}))
    path.unlink()
    assert list(outputs(info)) == ["y"]


def test_names_that_occur_again_are_numbered(written):
    assert list(outputs(written(a=of_dict({"id": SCALAR}), b=of_dict({"id": LABEL})))) == ["id", "id_1"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("features.json", '{"pythonClassName": "tensorflow_datasets.a.FeaturesDict"}', None),
        ("features.json", '{"pythonClassName": "a", "featuresDict": {}}', "no features"),
        ("features.json", '{"pythonClassName": "a", "featuresDict": 3}', "3 instead of an object"),
        ("features.json", '{"pythonClassName": 3}', "python_class_name: 3 instead of a text"),
        ("features.json", '{"pythonClassName": "tensorflow_datasets.Sequence", "sequence": {}}', "broken"),
        ("features.json", '{"pythonClassName": "a"', "broken"),
        ("dataset_info.json", '{"name": "mine"}', "no features.json beside it"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, name, text, problem):
    path = tmp_path / name
    path.write_text(text)
    if problem is None:
        assert read(path).notes[0].place == "output_0"
        return
    with pytest.raises(SourceError, match=problem) as raised:
        read(path)
    assert "\n" not in str(raised.value)


def test_the_information_of_another_library_is_none_of_tfds(tmp_path):
    path = tmp_path / "dataset_info.json"
    path.write_text('{"name": "a", "features": {"text": {"dtype": "string", "_type": "Value"}}, "splits": {}}')
    found = recognize(Source.parse(path))
    assert found is not None
    assert found.NAME == "signature_file"
