"""Models that are called row by row: proved, fused, certified, and refused where they cannot be."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sigcheck
from sigcheck.certificates.allowed import Allowed
from sigcheck.certificates.paths import certificate_path
from sigcheck.certificates.recheck import verify_adapter
from sigcheck.cli import run
from sigcheck.encodings.permission import Permission
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature

OUTSIDE = Allowed(permission=Permission.given(remote=False, private=False, outside=True))
pytestmark = pytest.mark.tensorflow


def load(path):
    import tensorflow as tf

    model = tf.saved_model.load(str(path))
    function = model.signatures["serving_default"]

    def call(**arguments):
        return {name: value.numpy() for name, value in function(**arguments).items()}

    call.model, call.function = model, function
    return call


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Clips in a batch, a model of one waveform as YAMNet is, a CNN of pictures and an LSTM of what it gives."""
    import keras
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("models")

    class Clips(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 1000], tf.float32, "x")])
        def serve(self, x):
            return {"audio": x / 2.0}

    class Sounds(tf.Module):
        def __init__(self):
            super().__init__()
            self.weights = tf.Variable(tf.random.stateless_normal([100, 5], [1, 2]))

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "waveform")])
        def serve(self, waveform):
            frames = tf.signal.frame(waveform, 100, 50)
            return {"scores": frames @ self.weights, "loudness": tf.reduce_max(tf.abs(waveform))}

    class Scores(Sounds):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "waveform")])
        def serve(self, waveform):
            return {"scores": tf.signal.frame(waveform, 100, 50) @ self.weights}

    for name, module in (("clips", Clips()), ("sounds", Sounds()), ("scores", Scores())):
        tf.saved_model.save(module, str(folder / name), signatures=module.serve)
    keras.utils.set_random_seed(5)
    picture = keras.Input((8, 8, 3), name="image")
    found = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(4, 3, activation="relu")(picture))
    keras.Model(picture, keras.layers.Dense(6, name="features")(found)).save(folder / "cnn.keras")
    frames = keras.Input((4, 6), name="sequence")
    keras.Model(frames, keras.layers.LSTM(3, name="words")(frames)).save(folder / "lstm.keras")
    return folder


def test_clips_are_not_glued_and_the_help_names_the_option(models):
    report = sigcheck.check(models / "clips", models / "sounds", verify="typed")
    assert report.exit_code != 0
    (finding,) = [one for one in report.findings if one.level == "error"]
    assert "call the consumer once for each row, with --map" in finding.help


def test_a_row_call_is_proved_over_batches_of_several_sizes_and_of_none(models):
    report = sigcheck.check(models / "clips", models / "sounds", map=True, run_models=True)
    assert (report.verdict, report.exit_code, report.verification.level) == ("adapts", 0, "end_to_end")
    sizes = {shape[0] for shape in report.verification.sizes["audio"]}
    assert {0, 1} < sizes
    assert sorted(map(str, report.result.row_by_row.results)) == ["loudness: float32[?]", "scores: float32[?, ?, 5]"]


def test_the_adapter_calls_a_model_over_rows_and_over_nothing(models):
    report = sigcheck.check(models / "clips", models / "sounds", map=True, verify="typed")
    sounds = load(models / "sounds")
    for count in (0, 1, 3):
        clips = np.random.default_rng(count).normal(size=(count, 1000)).astype(np.float32)
        given = report.adapter.call_rows(sounds.function, {"audio": clips})
        assert given["scores"].shape == (count, 19 if count else 0, 5)
        assert given["loudness"].shape == (count,)
        for at in range(count):
            np.testing.assert_array_equal(given["scores"][at], sounds(waveform=clips[at])["scores"])
    ends = Signature(outputs=(end("y", "float32[?, 2]"),)), Signature(inputs=(end("x", "float32[?, 2]"),))
    plain = sigcheck.check(*ends, verify="typed").adapter
    with pytest.raises(UsageError, match="expected one of a check with map"):
        plain.call_rows(sounds.function, {})


def end(name, spec):
    return Endpoint(name=name, spec=parse_spec(spec))


def test_the_fused_pipeline_gives_what_the_parts_give_by_hand(models, tmp_path):
    result = sigcheck.fuse([models / "clips", models / "sounds"], tmp_path / "fused", map=True)
    assert (result.exit_code, result.links[0].verification.level) == (0, "executed")
    fused, clips, sounds = (load(path) for path in (tmp_path / "fused", models / "clips", models / "sounds"))
    for count in (0, 1, 4):
        batch = np.random.default_rng(count).normal(size=(count, 1000)).astype(np.float32)
        found = fused(x=batch)
        assert found["loudness"].shape == (count,)
        for at, clip in enumerate(clips(x=batch)["audio"]):
            for name, value in sounds(waveform=clip).items():
                np.testing.assert_array_equal(found[name][at], value)


def test_a_repository_for_triton_takes_a_batch_of_one_and_refuses_more(models, tmp_path):
    import tensorflow as tf

    sigcheck.fuse([models / "clips", models / "scores"], tmp_path / "repository", map=True, triton=True, verify="typed")
    names = ("clips", "clips_to_scores", "scores", "rows_of_scores")
    parts = [load(tmp_path / "repository" / name / "1" / "model.savedmodel") for name in names]
    batch = np.random.default_rng(1).normal(size=(1, 1000)).astype(np.float32)
    found = {"x": batch}
    for part in parts:
        found = part(**found)
    by_hand = load(models / "scores")(waveform=batch[0] / 2)
    assert found["scores"].shape == (1, 19, 5)
    np.testing.assert_array_equal(found["scores"][0], by_hand["scores"])
    with pytest.raises(tf.errors.InvalidArgumentError):
        parts[1](audio=np.zeros((2, 1000), np.float32))
    config = (tmp_path / "repository" / "pipeline" / "config.pbtxt").read_text()
    assert "dims: [ 1, -1, 5 ]" in config


def test_a_number_for_each_row_is_no_tensor_that_triton_serves_from_a_model_of_one_row(models, tmp_path):
    with pytest.raises(UsageError, match=r"loudness: float32\[\], expected an axis"):
        sigcheck.fuse([models / "clips", models / "sounds"], tmp_path / "out", map=True, triton=True, verify="typed")
    assert not (tmp_path / "out").exists()


def test_frames_of_a_video_are_the_batch_of_a_model_of_pictures(models, tmp_path):
    """Batch and time are merged before it, and split again behind it."""
    import keras

    plain = sigcheck.check(models / "cnn.keras", models / "lstm.keras", verify="typed")
    assert plain.exit_code != 0
    assert any("--map-producer" in one.help for one in plain.findings)
    report = sigcheck.check(models / "cnn.keras", models / "lstm.keras", map="producer", run_models=True)
    assert (report.verification.level, report.verification.failures, report.exit_code) == ("end_to_end", (), 0)
    result = sigcheck.fuse([models / "cnn.keras", models / "lstm.keras"], tmp_path / "fused", map="producer")
    assert result.exit_code == 0
    fused = load(tmp_path / "fused")
    cnn, lstm = (keras.models.load_model(models / name) for name in ("cnn.keras", "lstm.keras"))
    for count in (0, 1, 3):
        videos = np.random.default_rng(count).normal(size=(count, 4, 8, 8, 3)).astype(np.float32)
        found = fused(image=videos)["words"]
        assert found.shape == (count, 3)
        if count:
            features = np.stack([np.asarray(cnn(video)) for video in videos])
            np.testing.assert_allclose(found, np.asarray(lstm(features)), rtol=1e-5, atol=1e-6)
    with pytest.raises(Exception, match=r"(?i)shape"):
        fused(image=np.zeros((2, 3, 8, 8, 3), np.float32))


def test_a_certificate_is_of_the_row_call_and_holds_again(models, tmp_path, monkeypatch):
    monkeypatch.chdir(models)
    assert run(["adapt", "clips", "sounds", "--map", "-q", "-o", str(tmp_path / "adapter.py")]) == 0
    written = json.loads(certificate_path(tmp_path / "adapter.py").read_text())
    assert (written["map"], written["level"]) == (True, "executed")
    recheck, _ = verify_adapter(tmp_path / "adapter.py", allowed=OUTSIDE)
    assert recheck.holds
    assert (recheck.certified_cases, recheck.verification.cases) == (written["cases"], written["cases"])
    source = (tmp_path / "adapter.py").read_text()
    (tmp_path / "adapter.py").write_text(
        source.replace("tf.map_fn(call, rows", "tf.map_fn(call, rows, back_prop=False")
    )
    recheck, _ = verify_adapter(tmp_path / "adapter.py", allowed=OUTSIDE)
    assert not recheck.holds


def test_the_proof_finds_a_row_call_that_is_wrong(models, tmp_path, monkeypatch):
    """One row for all, as a batch that is called on its first row would be."""
    from sigcheck.transforms import BY_NAME
    from sigcheck.verification.job import Job
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    monkeypatch.chdir(tmp_path)
    report = sigcheck.check(models / "clips", models / "sounds", map=True, verify="typed")
    draft, source = report.draft, report.result.adapter.source
    job = Job(
        source=source.replace("given = model(**adapt(row))", "given = model(**adapt({n: outputs[n][0] for n in row}))"),
        provided=draft.run_on,
        required=draft.run_into,
        bindings=draft.match.bindings,
        rows=draft.rows,
    )
    assert prove(job, "executed", BY_NAME, TensorFlowRunner()).failures


def check(outputs, inputs, results=(), **options):
    ends = [tuple(end(*one) for one in side) for side in (outputs, inputs, results)]
    return sigcheck.check(Signature(outputs=ends[0]), Signature(inputs=ends[1], outputs=ends[2]), map=True, **options)


@pytest.mark.parametrize(
    ("outputs", "inputs", "told"),
    [
        ([("y", "float32[]")], [("x", "float32[]")], "nothing to call the consumer over: y: float32[]"),
        ([("y", "sparse float32[?, ?]")], [("x", "float32[?]")], "expected a dense or ragged output whose first axis"),
        ([("y", "float32[2, 3]"), ("z", "float32[4, 3]")], [("x", "float32[3]")], "different numbers of rows"),
        ([("y", "float32[?, 3]")], [("x", "sparse float32[?, ?]")], "expected a dense or ragged tensor of known rank"),
    ],
)
def test_what_has_no_rows_is_refused_in_one_line(outputs, inputs, told):
    with pytest.raises(UsageError) as caught:
        check(outputs, inputs, verify="typed")
    assert str(caught.value).startswith("map: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_batch_is_the_first_axis_or_nothing_is_mapped():
    producer = Signature(outputs=(end("y", "float32[3, ?]"),))
    with pytest.raises(UsageError, match="nothing to call the consumer over"):
        sigcheck.check(
            producer,
            Signature(inputs=(end("x", "float32[3]"),)),
            facts={"producer": {"y": {"axes": ["feature", "batch"]}}},
            map=True,
            verify="typed",
        )


def test_rows_are_adapted_and_outputs_of_other_numbers_of_rows_refused():
    report = check(
        [("a", "int16[?, 8]"), ("b", "int64[?]")], [("a", "float32[?]"), ("b", "int64[]")], [("s", "int64[]")]
    )
    assert (report.verdict, report.verification.level, report.exit_code) == ("adapts", "executed", 0)
    calls = report.adapter.call_rows(
        lambda a, b: {"s": b}, {"a": np.zeros((2, 8), np.int16), "b": np.array([5, 6], np.int64)}
    )
    assert calls["s"].numpy().tolist() == [5, 6]
    with pytest.raises(Exception, match="different numbers of rows"):
        report.adapter.call_rows(lambda a, b: {"s": b}, {"a": np.zeros((2, 8), np.int16), "b": np.array([5], np.int64)})


@pytest.mark.parametrize(("value", "told"), [("rows", "expected True, False or 'producer'"), (2, "found 2")])
def test_another_word_is_refused(models, value, told):
    with pytest.raises(UsageError, match=told):
        sigcheck.check(models / "clips", models / "sounds", map=value)


def test_one_model_of_a_link_is_mapped(models, capsys):
    paths = [str(models / name) for name in ("clips", "sounds")]
    assert run(["check", *paths[:2], "--map", "--map-producer"]) == 2
    assert "beside --map" in capsys.readouterr().err


def test_a_link_of_a_config_says_it_too(tmp_path, monkeypatch, capsys):
    for name, ends in (
        ("clips", {"outputs": (end("y", "float32[?, 9]"),)}),
        ("wave", {"inputs": (end("x", "float32[?]"),)}),
    ):
        signature = Signature(**ends).model_dump(mode="json")
        told = {"schema_version": 1, "source": name, "reader": "signature", "signatures": [signature]}
        (tmp_path / f"{name}.json").write_text(json.dumps(told))
    monkeypatch.chdir(tmp_path)
    models = '[models.clips]\nsource = "clips.json"\n[models.wave]\nsource = "wave.json"\n'
    for value, code in (("false", 2), ("true", 0), ('"producer"', 2), ('"rows"', 2)):
        (tmp_path / "sigcheck.toml").write_text(f'{models}[[links]]\nfrom = "clips"\nto = "wave"\nmap = {value}\n')
        assert run(["lint", "--verify", "typed"]) in ({code, 1} if value == "true" else {code}), value
    assert 'expected true, false or "producer"' in capsys.readouterr().err


def test_a_producer_without_a_batch_has_none_in_front(models):
    with pytest.raises(UsageError, match="whose first axis is open"):
        sigcheck.check(models / "sounds", models / "clips", map="producer", bind={"scores": "x"})


def test_a_chain_calls_row_by_row_where_nothing_else_passes(models, tmp_path):
    """Behind it all rows are one tensor, of which a later link takes the whole, too."""
    import keras

    path = str(tmp_path / "words.keras")
    scores = keras.Input((19, 5), name="scores")
    loud = keras.Input((), name="loudness")
    words = keras.layers.Dense(2, name="words")(keras.layers.Flatten()(scores))
    keras.Model([scores, loud], [words, keras.layers.Reshape((1,), name="again")(loud)]).save(path)
    sources = [models / "clips", models / "sounds", path]
    plain, _ = sigcheck.check_chain(sources, verify="typed")
    assert plain.exit_code != 0
    bind = {"scores": "scores", "loudness": "loudness"}
    result = sigcheck.fuse(sources, tmp_path / "fused", map=True, bind=bind, keep=["audio"])
    assert (result.exit_code, [link.row_by_row is not None for link in result.links]) == (0, [True, False])
    fused, clips, sounds = (load(one) for one in (tmp_path / "fused", models / "clips", models / "sounds"))
    model = keras.models.load_model(path)
    for count in (1, 3):
        batch = np.random.default_rng(count).normal(size=(count, 1000)).astype(np.float32)
        audio = clips(x=batch)["audio"]
        rows = [sounds(waveform=row) for row in audio]
        by_hand = model([np.stack([row[name] for row in rows]) for name in ("scores", "loudness")])
        found = fused(x=batch)
        np.testing.assert_array_equal(found["audio"], audio)
        np.testing.assert_allclose(found["words"], by_hand[0], rtol=1e-5)
        np.testing.assert_array_equal(found["again"], by_hand[1])


def test_what_a_chain_called_row_by_row_is_fed_is_nowhere_whole(models):
    sources = [models / "clips", models / "sounds", models / "sounds"]
    with pytest.raises(UsageError, match=r"the producer has no output 'input\.waveform'"):
        sigcheck.check_chain(sources, map=True, verify="typed", bind={"input.waveform": "sounds_2.waveform"})


def test_a_chain_that_is_mapped_is_not_run(models):
    sources = [str(models / name) for name in ("clips", "sounds", "clips")]
    with pytest.raises(UsageError, match="run_models: given with map for a chain"):
        sigcheck.check_chain(sources, map=True, run_models=True)


def test_a_producer_with_a_batch_in_front_stands_first_in_a_chain(models, tmp_path):
    import keras

    path = str(tmp_path / "letters.keras")
    words = keras.Input((3,), name="words")
    keras.Model(words, keras.layers.Dense(2, name="letters")(words)).save(path)
    sources = [models / "cnn.keras", models / "lstm.keras", path]
    result = sigcheck.fuse(sources, tmp_path / "fused", map="producer")
    assert result.exit_code == 0
    fused = load(tmp_path / "fused")
    cnn, lstm, letters = (keras.models.load_model(one) for one in sources)
    video = np.random.default_rng(1).normal(size=(2, 4, 8, 8, 3)).astype(np.float32)
    by_hand = letters(lstm(np.stack([cnn(frames) for frames in video])))
    np.testing.assert_allclose(fused(image=video)["letters"], by_hand, rtol=1e-4, atol=1e-5)
    sigcheck.fuse(sources, tmp_path / "triton", map="producer", triton=True, verify="typed", keep=["features"])
    served = run_ensemble(tmp_path / "triton", image=video)
    assert sorted(served) == ["features", "letters"]
    np.testing.assert_allclose(served["letters"], by_hand, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(served["features"], np.stack([cnn(frames) for frames in video]), rtol=1e-4, atol=1e-5)
    config = (tmp_path / "triton" / "pipeline" / "config.pbtxt").read_text()
    assert "dims: [ -1, -1, 8, 8, 3 ]" in config
    assert "dims: [ -1, -1, 6 ]" in config


def run_ensemble(repository, **inputs):
    """What the ensemble gives, its models called step by step as its config maps their tensors."""
    from sigcheck.encodings.text_format import parse_message
    from sigcheck.readers.triton.messages import TRITON

    config = parse_message("ModelConfig", (repository / "pipeline" / "config.pbtxt").read_bytes(), TRITON)
    found = dict(inputs)
    for step in config["ensemble_scheduling"]["step"]:
        part = load(repository / step["model_name"] / "1" / "model.savedmodel")
        given = part(**{own: found[tensor] for own, tensor in step["input_map"].items()})
        found |= {tensor: given[own] for own, tensor in step["output_map"].items()}
    return {one["name"]: found[one["name"]] for one in config["output"]}


def test_no_ensemble_calls_row_by_row_in_front_of_another_model(models, tmp_path):
    import keras

    path = str(tmp_path / "words.keras")
    scores = keras.Input((19, 5), name="scores")
    keras.Model(scores, keras.layers.Flatten(name="words")(scores)).save(path)
    with pytest.raises(UsageError, match="is called row by row in front of another model, which no ensemble does"):
        sigcheck.fuse(
            [models / "clips", models / "sounds", path], tmp_path / "triton", map=True, triton=True, verify="typed"
        )
    assert not (tmp_path / "triton").exists()
