"""Pipelines as one model: TensorFlow and the process that writes included."""

from __future__ import annotations

import json
import resource
import shutil
from pathlib import Path

import numpy as np
import pytest

import sigcheck
from sigcheck.adapters.request import Link, Stage
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.policy import Policy

pytestmark = pytest.mark.tensorflow

FIXTURES = Path(__file__).parents[2] / "fixtures"
RANK = (FIXTURES / "rank" / "encoder", FIXTURES / "rank" / "classifier.keras")
ROWS = (FIXTURES / "rows" / "tokenizer", FIXTURES / "rows" / "reader.keras")


def load(path):
    """The function of a fused model, called with a dict of arrays."""
    import tensorflow as tf

    model = tf.saved_model.load(str(path))
    function = model.signatures["serving_default"]

    def call(**arguments):
        return function(**{name: tf.constant(value) for name, value in arguments.items()})

    # The model owns the variables: they end with it.
    call.model, call.function = model, function
    return call


def test_a_saved_model_and_a_keras_file_are_one(tmp_path):
    import keras
    import tensorflow as tf

    result = sigcheck.fuse(RANK, tmp_path / "pipeline", verify="typed", keep=["output_0"])
    assert (result.verdict, result.exit_code) == ("adapts", 0)
    fused = load(tmp_path / "pipeline")
    assert fused.function.structured_input_signature[1] == {
        "measurements": tf.TensorSpec([None, 24], tf.float32, "measurements")
    }
    encoder, classifier = load(RANK[0]), keras.models.load_model(RANK[1])
    for count in (0, 1, 7):
        batch = np.random.default_rng(count).normal(size=(count, 24)).astype(np.float32)
        features = encoder(measurements=batch)["output_0"]
        found = fused(measurements=batch)
        np.testing.assert_array_equal(found["output_0"], features)
        np.testing.assert_allclose(found["classes"], classifier(features[:, None, :]), rtol=1e-6)
    variables = tf.train.list_variables(str(tmp_path / "pipeline" / "variables" / "variables"))
    shapes = [shape for name, shape in variables if "VARIABLE_VALUE" in name]
    assert sorted(shapes) == [[3], [10, 3], [24, 10]]
    written = json.loads((tmp_path / "pipeline" / "assets.extra" / "sigcheck.json").read_text())
    assert written["links"][0]["plans"] == {"x": {"from": "output_0", "steps": ["expand_dims(axis=1)"]}}
    shown = sigcheck.read(tmp_path / "pipeline").signatures[0]
    assert [str(one) for one in (*shown.inputs, *shown.outputs)] == [
        "measurements: float32[?, 24]",
        "classes: float32[?, 3]",
        "output_0: float32[?, 10]",
    ]


@pytest.fixture
def lookup(tmp_path):
    """A SavedModel with a table and an asset, and a Keras file with a table of its own."""
    import keras
    import tensorflow as tf

    words = tmp_path / "words.txt"
    words.write_text("sun\nrain\nsnow\n")

    class Ids(tf.Module):
        def __init__(self):
            super().__init__()
            start = tf.lookup.TextFileInitializer(
                str(words), tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER
            )
            self.table = tf.lookup.StaticHashTable(start, -1)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "word")])
        def __call__(self, word):
            found = self.table[word]
            colours = tf.constant(["yellow", "blue", "white", "none"])
            return {"label": tf.gather(colours, tf.where(found < 0, tf.constant(3, tf.int64), found))}

    tf.saved_model.save(Ids(), str(tmp_path / "ids"))
    words.unlink()
    label = keras.Input((1,), dtype="string", name="colour")
    known = keras.layers.StringLookup(vocabulary=["blue", "white", "yellow"], name="known")
    keras.Model(label, known(label), name="colours").save(tmp_path / "colours.keras")
    return tmp_path / "ids", tmp_path / "colours.keras"


@pytest.mark.usefixtures("walled")
def test_tables_and_assets_of_both_are_carried_over(lookup, tmp_path):
    assert sigcheck.fuse(lookup, tmp_path / "fused", verify="typed", keep=["label"]).exit_code == 0
    for path in lookup:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (tmp_path / "fused").rename(tmp_path / "moved")
    fused = load(tmp_path / "moved")
    found = fused(word=["snow", "sun", "hail"])
    assert found["label"].numpy().tolist() == [b"white", b"yellow", b"none"]
    assert found["known"].numpy().tolist() == [[2], [3], [0]]
    assert [path.name for path in (tmp_path / "moved" / "assets").iterdir()] == ["words.txt"]


def test_a_chain_of_three_with_ragged_rows_between(tmp_path):
    import keras
    import tensorflow as tf

    mood = keras.Input((1, 2), name="mood_of_one")
    keras.Model(mood, keras.layers.Flatten(name="flat")(mood)).save(tmp_path / "last.h5")
    result = sigcheck.fuse(
        [*ROWS, tmp_path / "last.h5"], tmp_path / "fused", policy=Policy(pad_value=0), verify="typed", keep=["tokens"]
    )
    assert result.exit_code == 0
    fused = load(tmp_path / "fused")
    found = fused(sentences=["a b", "c"])
    assert found["flat"].shape == [2, 2]
    assert isinstance(found["tokens"], tf.RaggedTensor)
    # The guard of the plan is in the model.
    with pytest.raises(tf.errors.InvalidArgumentError, match="a row is longer than 12"):
        fused(sentences=[" ".join("abcdefghijklmno")])


def test_a_repository_for_triton_holds_models_that_load(tmp_path):
    result = sigcheck.fuse(RANK, tmp_path / "repository", verify="typed", triton=True)
    assert result.exit_code == 0
    names = {path.name for path in (tmp_path / "repository").iterdir()}
    assert names == {"encoder", "encoder_to_classifier", "classifier", "pipeline", "sigcheck.json"}
    value = {"measurements": np.ones([3, 24], np.float32)}
    for name in ("encoder", "encoder_to_classifier", "classifier"):
        value = load(tmp_path / "repository" / name / "1" / "model.savedmodel")(**value)
    assert value["classes"].shape == [3, 3]


def test_a_link_that_does_not_fit_writes_nothing(tmp_path):
    result = sigcheck.fuse(ROWS, tmp_path / "fused", verify="typed", policy=Policy(guard=False))
    assert result.exit_code == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("walled")
def test_a_disk_that_is_full_keeps_the_old_one(tmp_path):
    target = tmp_path / "pipeline"
    assert sigcheck.fuse(RANK, target, verify="typed").exit_code == 0
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Files end at this size, as on a disk that is full; the process that writes inherits it.
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limits[1]))
    try:
        with pytest.raises((UsageError, SourceError)):
            sigcheck.fuse(RANK, target, verify="typed")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["pipeline"]


def test_a_model_that_cannot_be_loaded_is_said(tmp_path):
    import zipfile

    broken = tmp_path / "classifier.keras"
    with zipfile.ZipFile(RANK[1]) as whole, zipfile.ZipFile(broken, "w") as copy:
        copy.writestr("config.json", whole.read("config.json"))
        copy.writestr("metadata.json", whole.read("metadata.json"))
    with pytest.raises(SourceError, match=r"classifier.keras: cannot be loaded: .*\. Load it in Python"):
        sigcheck.fuse([RANK[0], broken], tmp_path / "fused", verify="typed")
    assert [path.name for path in tmp_path.iterdir()] == ["classifier.keras"]


@pytest.mark.usefixtures("walled")
def test_code_in_a_keras_file_is_not_run(tmp_path):
    import keras

    x = keras.Input((1, 10), name="x")
    keras.Model(x, keras.layers.Lambda(lambda value: value + 1, name="code")(x)).save(tmp_path / "code.keras")
    with pytest.raises(SourceError, match=r"code.keras: cannot be loaded: .*[Ll]ambda"):
        sigcheck.fuse([RANK[0], tmp_path / "code.keras"], tmp_path / "fused", verify="typed")
    assert not (tmp_path / "fused").exists()


def test_a_model_that_takes_too_long_is_ended(tmp_path):
    with pytest.raises(SourceError, match=r"not written within 0.2 s: .*Allow more with --timeout"):
        sigcheck.fuse(RANK, tmp_path / "fused", verify="typed", timeout=0.2)
    assert not list(tmp_path.iterdir())


def test_a_signature_that_is_not_the_default_one_is_the_one_that_is_fused(tmp_path):
    import tensorflow as tf

    class Two(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 10], tf.float32, "x")])
        def double(self, x):
            return {"y": 2 * x}

        @tf.function(input_signature=[tf.TensorSpec([None, 10], tf.float32, "x")])
        def triple(self, x):
            return {"y": 3 * x}

    two = Two()
    signatures = {"double": two.double, "triple": two.triple}
    tf.saved_model.save(two, str(tmp_path / "two"), signatures=signatures)
    sources = [RANK[0], f"{tmp_path / 'two'}#triple"]
    assert sigcheck.fuse(sources, tmp_path / "fused", verify="typed", keep=["output_0"]).exit_code == 0
    found = load(tmp_path / "fused")(measurements=np.ones([2, 24], np.float32))
    np.testing.assert_array_equal(found["y"], 3 * found["output_0"])


def stage(path, signature):
    return Stage(place=path.name, path=str(path), form="saved_model", signature=signature)


@pytest.mark.parametrize(("size", "is_known"), [(12, True), (12, False)])
def test_a_model_that_gives_another_shape_than_it_says_is_refused(tmp_path, size, is_known):
    import tensorflow as tf

    from sigcheck.adapters.fused import fuse_stages
    from sigcheck.adapters.stage import LoadedStage
    from sigcheck.api import draft_pair
    from sigcheck.schema.notation import parse_spec
    from sigcheck.schema.signature import Endpoint, Signature

    class Liar(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, size] if is_known else [None, None], tf.float32, "x")])
        def __call__(self, x):
            return {"y": x + 1}

    tf.saved_model.save(Liar(), str(tmp_path / "liar"))
    said = Endpoint(name="y", spec=parse_spec("float32[?, 10]"))
    taken = Endpoint(name="x", spec=parse_spec("float32[?, ?]"))
    first = Signature(key="serving_default", inputs=(taken,), outputs=(said,))
    second = Signature(key="serving_default", inputs=(taken,), outputs=(taken,))
    draft = draft_pair(first, second, names={"y": "x"})
    source = 'def adapt(outputs):\n    return {"x": outputs["y"]}\n'
    stages = [LoadedStage(stage(tmp_path / "liar", one), tmp_path) for one in (first, second)]
    link = Link(source=source, bindings=draft.match.bindings)
    if is_known:
        with pytest.raises(SourceError, match=r"liar: gives .*12.* as y when it is run, expected float32\[\?, 10\]"):
            fuse_stages(stages, [link], [])
        return
    serve = fuse_stages(stages, [link], []).serve
    assert serve(x=tf.ones([2, 10]))["y"].shape == [2, 10]
    with pytest.raises(tf.errors.InvalidArgumentError):
        serve(x=tf.ones([2, size]))


@pytest.mark.parametrize(
    ("sources", "options", "problem"),
    [
        (["encoder", "model.tflite"], {}, "a TFLite file, whose operations only the TFLite interpreter runs"),
        (["encoder", "signature.json"], {}, "read as signature_file, expected a SavedModel or a Keras file"),
        (["encoder"], {}, "1 source, expected two or more"),
        (["encoder", "classifier.keras"], {"keep": ["nothing"]}, "keep nothing: no model before the last gives it"),
        (["encoder", "encoder"], {"keep": ["output_0"]}, "keep output_0: given by several models"),
    ],
)
def test_what_cannot_be_fused_is_refused_at_once(tmp_path, monkeypatch, sources, options, problem):
    import tensorflow as tf

    for path in RANK:
        shutil.copytree(path, tmp_path / path.name) if path.is_dir() else shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("signature.json").write_text(sigcheck.read("encoder").model_dump_json())
    double = tf.function(lambda x: x * 2).get_concrete_function(tf.TensorSpec([1, 4]))
    Path("model.tflite").write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([double]).convert())
    with pytest.raises(UsageError, match=problem):
        sigcheck.fuse(sources, "fused", verify="typed", **options)
    assert not Path("fused").exists()


@pytest.mark.parametrize("triton", [False, True])
def test_what_a_link_among_the_assets_leads_to_is_not_copied(tmp_path, triton):
    shutil.copytree(RANK[0], tmp_path / "encoder")
    (tmp_path / "encoder" / "assets").mkdir(exist_ok=True)
    (tmp_path / "encoder" / "assets" / "words").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match="words: a link that leads out of the model, expected its own files"):
        sigcheck.fuse([tmp_path / "encoder", RANK[1]], tmp_path / "fused", verify="typed", triton=triton)
    assert not (tmp_path / "fused").exists()


def test_a_live_object_is_refused(tmp_path):
    with pytest.raises(UsageError, match="a dict, expected a path"):
        sigcheck.fuse([{}, RANK[1]], tmp_path / "fused")
