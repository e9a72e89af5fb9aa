"""Real files around their adapters, in a real worker: all pairs of a test in one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck import api
from sigcheck.api import draft_pair, prove
from sigcheck.encodings.written_data import parse_toml
from sigcheck.pipelines.chain import check_chain
from sigcheck.schema.errors import UsageError
from sigcheck.schema.policy import DEFAULT_POLICY, Policy

FIXTURES = Path(__file__).parents[1] / "fixtures"


def planned(producer, consumer, facts=None, policy=DEFAULT_POLICY):
    declared = None if facts is None else parse_toml((FIXTURES / facts).read_text(encoding="utf-8"))
    return draft_pair(producer, consumer, facts=declared, policy=policy)


@pytest.mark.usefixtures("walled")
@pytest.mark.tensorflow
def test_every_kind_of_model_runs_with_every_other(tmp_path):
    import keras
    import tensorflow as tf

    first, second = keras.Input((3, 1), name="first"), keras.Input((4,), name="second")
    joined = keras.layers.Concatenate()([keras.layers.Flatten()(first), second])
    keras.Model({"first": first, "second": second}, {"both": joined}).save(tmp_path / "joiner.keras")
    for name, size in (("first", 3), ("second", 4)):
        keras.Sequential([keras.Input((5,), name="v"), keras.layers.Dense(size, name=name)]).save(
            tmp_path / f"{name}.keras"
        )
    keras.Sequential([keras.Input((7,), name="both"), keras.layers.Dense(1)]).save(tmp_path / "legacy.h5")

    class Sparse(tf.Module):
        @tf.function(input_signature=[tf.SparseTensorSpec([None, 10], tf.float32)])
        def __call__(self, x):
            return {"total": tf.sparse.reduce_sum(x, axis=1)}

    sparse = Sparse()
    tf.saved_model.save(sparse, str(tmp_path / "sparse"), signatures=sparse.__call__.get_concrete_function())
    pairs = {
        "rank": planned(str(FIXTURES / "rank/encoder"), str(FIXTURES / "rank/classifier.keras")),
        "range": planned(str(FIXTURES / "range/sensor.keras"), str(FIXTURES / "range/scorer"), "range/facts.toml"),
        "rows": planned(
            str(FIXTURES / "rows/tokenizer"), str(FIXTURES / "rows/reader.keras"), policy=Policy(pad_value=0)
        ),
        "two producers": planned(
            [str(tmp_path / "first.keras"), str(tmp_path / "second.keras")], str(tmp_path / "joiner.keras")
        ),
        "fits as it is": planned(str(tmp_path / "joiner.keras"), str(tmp_path / "legacy.h5")),
        "sparse": planned(str(FIXTURES / "rank/encoder"), str(tmp_path / "sparse")),
    }
    reports = dict(zip(pairs, prove(list(pairs.values()), None, 300.0, run_models=True), strict=True))
    for name, report in reports.items():
        verification = report.result.verification
        assert (name, verification.level, verification.failures) == (name, "end_to_end", ())
        assert "unverified_adapter" not in {finding.rule for finding in report.findings}
    assert 0 < reports["range"].result.verification.max_rel_error <= 2.0**-11
    assert reports["rank"].result.verification.max_abs_error == 0.0


def test_less_than_executed_does_not_go_with_models():
    with pytest.raises(UsageError, match="run_models: goes beyond the level traced, expected executed"):
        api.check(
            str(FIXTURES / "rank/encoder"), str(FIXTURES / "rank/classifier.keras"), run_models=True, verify="traced"
        )


def test_a_signature_is_nothing_that_runs():
    encoder = str(FIXTURES / "rank/encoder")
    with pytest.raises(UsageError, match="an object in memory, expected a file to run"):
        api.check(encoder, api.read(str(FIXTURES / "rank/classifier.keras")), run_models=True)


def test_each_link_of_a_chain_has_its_models(monkeypatch):
    seen = []

    def verify(jobs, level, timeout):
        from sigcheck.schema.report import Verification

        seen.extend(jobs)
        return tuple(Verification(level="end_to_end", cases=1) for _ in jobs)

    monkeypatch.setattr("sigcheck.verification.verify.verify", verify)
    sources = [str(FIXTURES / "rank/encoder"), str(FIXTURES / "rank/classifier.keras")]
    result, _ = check_chain(sources, run_models=True)
    assert result.exit_code == 0
    assert [Path(job.models.consumer.path).name for job in seen] == ["classifier.keras"]


@pytest.mark.tensorflow
def test_what_a_producer_is_fed_is_declared_so_that_it_runs(tmp_path):
    """One that decodes pictures refuses strings that are none, until somebody says what it takes."""
    import tensorflow as tf

    class Decoder(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([], tf.string, name="data")])
        def decode(self, data):
            return {"pixels": tf.cast(tf.io.decode_png(data, channels=3), tf.float32)}

    class Mean(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.float32, name="image")])
        def mean(self, image):
            return {"mean": tf.reduce_mean(image)}

    for name, module in (("decoder", Decoder().decode), ("mean", Mean().mean)):
        owner = tf.Module()
        owner.call = module
        tf.saved_model.save(owner, str(tmp_path / name), signatures=module)
    told = "producer.input.data.meaning=encoded_image"
    facts = {"producer": {"input.data": {"meaning": "encoded_image"}}}
    pairs = [draft_pair(str(tmp_path / "decoder"), str(tmp_path / "mean"), facts=one) for one in (None, facts)]
    blind, declared = (one.result.verification for one in prove(pairs, None, 300.0, run_models=True))
    assert blind.level != "end_to_end"
    assert f"declare what it takes, as with --fact {told}" in blind.reason
    assert (declared.level, declared.failures) == ("end_to_end", ())


def test_an_input_of_a_producer_that_it_has_not_is_told():
    facts = {"producer": {"input.gone": {"range": [0, 1]}}}
    with pytest.raises(UsageError, match=r"the producer has no output 'input\.gone'"):
        draft_pair(str(FIXTURES / "rank/encoder"), str(FIXTURES / "rank/classifier.keras"), facts=facts)
