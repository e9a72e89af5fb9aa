"""Models that are called over ragged rows: what they give is ragged where a row may be of another size."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature

pytestmark = pytest.mark.tensorflow


def end(name, spec):
    return Endpoint(name=name, spec=parse_spec(spec))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Clips of several lengths, and a model of one waveform whose frames are as many as its samples say."""
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("models")

    class Clips(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.int64, "lengths")])
        def serve(self, lengths):
            clips = tf.ragged.range(abs(lengths) % 5)
            return {"audio": tf.cast(clips, tf.float32), "count": abs(lengths) % 5}

    class Sounds(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "waveform")])
        def serve(self, waveform):
            pairs = waveform[:, None] + waveform[None, :]
            return {
                "scores": tf.tile(waveform[:, None] * 2.0, [1, 3]),
                "pairs": pairs,
                "words": tf.RaggedTensor.from_row_splits(waveform, [0, tf.shape(waveform, tf.int64)[0]]),
                "loudness": tf.reduce_sum(waveform),
            }

    for name, module in (("clips", Clips()), ("sounds", Sounds())):
        tf.saved_model.save(module, str(folder / name), signatures=module.serve)
    return folder


def test_it_is_proved_fused_and_gives_what_the_rows_give_alone(models, tmp_path, monkeypatch, capsys):
    import tensorflow as tf

    monkeypatch.chdir(models)
    report = sigcheck.check("clips", "sounds", map=True, bind={"audio": "waveform"}, run_models=True)
    assert report.verification.failures == (), report
    assert (report.verdict, report.exit_code, report.verification.level) == ("adapts", 0, "end_to_end")
    assert [str(one) for one in report.result.row_by_row.results] == [
        "loudness: float32[?]",
        "pairs: ragged float32[?, None, None]",
        "scores: ragged float32[?, None, 3]",
        "words: ragged float32[?, 1, None]",
    ]
    assert run(["fuse", "clips", "sounds", "--map", "--bind", "audio=waveform", "-o", str(tmp_path / "fused")]) == 0
    load = [tf.saved_model.load(str(at)) for at in (tmp_path / "fused", models / "clips", models / "sounds")]
    fused, clips, sounds = (one.signatures["serving_default"] for one in load)
    for lengths in ([3, 0, 4], [2], [0], []):
        found = fused(lengths=tf.constant(lengths, tf.int64))
        audio = clips(lengths=tf.constant(lengths, tf.int64))["audio"]
        assert {name: int(value.shape[0]) for name, value in found.items()} == dict.fromkeys(found, len(lengths))
        for at in range(len(lengths)):
            alone = sounds(waveform=audio[at])
            for name, value in alone.items():
                row = found[name][at]
                assert type(row) is type(value) or name == "pairs", name
                row, want = (one.to_tensor() if isinstance(one, tf.RaggedTensor) else one for one in (row, value))
                np.testing.assert_array_equal(np.reshape(row, want.shape), want)
    capsys.readouterr()
    assert run(["show", str(tmp_path / "fused"), "--format", "json"]) == 0
    (shown,) = json.loads(capsys.readouterr().out)["signatures"]
    kinds = {one["name"]: one["kind"] for one in shown["outputs"]}
    assert kinds == {"loudness": "dense", "pairs": "ragged", "scores": "ragged", "words": "ragged"}


def mapped(outputs, inputs, results=(), **options):
    ends = [tuple(end(*one) for one in side) for side in (outputs, inputs, results)]
    return sigcheck.check(Signature(outputs=ends[0]), Signature(inputs=ends[1], outputs=ends[2]), map=True, **options)


@pytest.mark.parametrize(
    ("outputs", "inputs", "policy"),
    [
        ([("y", "ragged float32[?, None]")], [("x", "float32[?]")], {}),
        ([("y", "ragged int16[?, None, 2]")], [("x", "float32[?, 2]")], {}),
        ([("y", "ragged float64[?, None]")], [("x", "float32[?]")], {}),
        ([("y", "ragged float32[?, None, None]")], [("x", "ragged float32[?, None]")], {}),
        ([("y", "ragged float32[?, None, None]")], [("x", "float32[?, ?]")], {"pad_value": 0.0}),
        ([("y", "ragged float32[?, None, ?]")], [("x", "float32[?, ?]")], {}),
        ([("y", "ragged float32[?, None]")], [("x", "float32[6]")], {"pad_value": 0.0}),
        ([("y", "ragged string[?, None]")], [("x", "string[?]")], {}),
        ([("y", "ragged float32[?, None]"), ("n", "int64[?]")], [("y", "float32[?]"), ("n", "int64[]")], {}),
        (
            [("y", "ragged float32[?, None]"), ("z", "ragged int64[?, None]")],
            [("y", "float32[?]"), ("z", "int64[?]")],
            {},
        ),
    ],
)
def test_rows_are_adapted_and_proved(outputs, inputs, policy, tmp_path, monkeypatch):
    from sigcheck.schema.policy import Policy

    monkeypatch.chdir(tmp_path)
    report = mapped(outputs, inputs, policy=Policy(**policy), verify="typed")
    assert (report.verdict, report.exit_code) in {("adapts", 0), ("guarded", 0)}
    verification = proved(report)
    assert (verification.level, verification.failures, verification.reason) == ("executed", (), None)
    assert {shape[0] for shape in verification.sizes["y"]} >= {0, 1}


def proved(report, change=lambda source: source):
    from sigcheck.stages.job import job_of
    from sigcheck.transforms import BY_NAME
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    job = job_of(report.draft, change(report.result.adapter.source))
    return prove(job, "executed", BY_NAME, TensorFlowRunner())


def test_results_are_dense_where_no_ragged_output_is_taken():
    outputs = [("y", "float32[?, 8]"), ("r", "ragged int64[?, None]")]
    report = mapped(outputs, [("y", "float32[8]")], [("s", "float32[?, 2]")], verify="typed")
    assert [str(one) for one in report.result.row_by_row.results] == ["s: float32[?, ?, 2]"]
    assert [one.name for one in report.result.row_by_row.over] == ["y"]


def test_the_help_names_the_option():
    ends = Signature(outputs=(end("y", "ragged float32[?, None]"),)), Signature(inputs=(end("x", "float32[?]"),))
    report = sigcheck.check(*ends, verify="typed")
    assert report.exit_code != 0
    assert any("--map" in one.help for one in report.findings)


def test_the_proof_finds_rows_that_are_wrong(tmp_path, monkeypatch):
    """Rows of which the last value is missing, and rows in another order."""
    monkeypatch.chdir(tmp_path)
    report = mapped([("y", "ragged float64[?, None]")], [("x", "float32[?]")], verify="typed")
    rows = 'rows = {name: outputs[name] for name in ["y"]}'
    for wrong in ('{"y": outputs["y"][:, :-1]}', '{"y": tf.reverse(outputs["y"], [0])}', '{"y": outputs["y"] * 2}'):
        assert rows in report.result.adapter.source
        assert proved(report, lambda source, wrong=wrong: source.replace(rows, f"rows = {wrong}")).failures, wrong


def test_no_repository_for_triton_holds_ragged_rows(models, tmp_path):
    with pytest.raises(UsageError, match=r"expected a dense tensor, of which Triton has no other"):
        sigcheck.fuse(
            [models / "clips", models / "sounds"],
            tmp_path / "repository",
            map=True,
            triton=True,
            bind={"audio": "waveform"},
            verify="typed",
        )
    assert not (tmp_path / "repository").exists()


def test_a_consumer_of_even_rows_is_run_on_rows_of_rows(tmp_path, monkeypatch):
    """Rows of several sizes are ragged together, and each of them is what a dense input takes."""
    import tensorflow as tf

    monkeypatch.chdir(tmp_path)

    class Pages(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.int64, "counts")])
        def serve(self, counts):
            lines = tf.ragged.range(abs(counts) % 4)
            return {"words": tf.cast(lines.with_values(tf.ragged.range(lines.values)), tf.float32)}

    class Table(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32, "cells")])
        def serve(self, cells):
            return {"sums": tf.reduce_sum(cells, axis=1)}

    for name, module in (("pages", Pages()), ("table", Table())):
        tf.saved_model.save(module, name, signatures=module.serve)
    policy = sigcheck.Policy(pad_value=0.0)
    report = sigcheck.check("pages", "table", map=True, bind={"words": "cells"}, policy=policy, run_models=True)
    assert (report.verification.level, report.verification.failures) == ("end_to_end", ())


def test_columns_of_rows_of_lines_are_proved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = mapped(
        [("y", "ragged string[?, None]")],
        [("a", "float32[?]"), ("b", "int64[?]")],
        bind={"csv_columns(y)": ["a", "b"]},
        verify="typed",
    )
    verification = proved(report)
    assert (verification.level, verification.failures, verification.reason) == ("executed", (), None)
