"""Models that are fused where outputs are joined and parted between them."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sigcheck
from sigcheck.schema.errors import UsageError
from tests.junctions.kinds import IN_NUMPY, check_values, expected, together

pytestmark = pytest.mark.tensorflow


def save_pair(folder, kind):
    """A model whose outputs all follow from one input, and one that gives its inputs back under other names."""
    import tensorflow as tf

    from sigcheck.schema.notation import parse_spec
    from sigcheck.verification.tensors import type_spec

    def outputs(count):
        made = {}
        for at, (name, text) in enumerate(kind.outputs.items()):
            spec = parse_spec(text)
            inner = [int(size) for size in spec.shape[1:]]
            numbers = tf.range(tf.cast(tf.size(count), tf.int32) * int(np.prod(inner)))
            values = tf.reshape((numbers * (at + 3)) % 7, [-1, *inner])
            made[name] = tf.ensure_shape(tf.cast(values, spec.dtype), [None, *inner])
        return made

    class Giver(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "count")])
        def __call__(self, count):
            return outputs(count)

    class Taker(tf.Module):
        pass

    taker = Taker()

    def take(**inputs):
        return {f"got_{name}": tf.identity(value) if tf.is_tensor(value) else value for name, value in inputs.items()}

    specs = {name: type_spec(parse_spec(text)) for name, text in kind.inputs.items()}
    taker.take = tf.function(take, autograph=False).get_concrete_function(**specs)
    tf.saved_model.save(Giver(), str(folder / "giver"))
    tf.saved_model.save(taker, str(folder / "taker"), signatures=taker.take)
    return folder / "giver", folder / "taker"


def run(path, **arguments):
    import tensorflow as tf

    model = tf.saved_model.load(str(path))
    return model.signatures["serving_default"](**arguments)


def test_one_model_joins_and_parts_as_it_is_done_by_hand(tmp_path):
    import tensorflow as tf

    kind = together(*IN_NUMPY)
    pair = save_pair(tmp_path, kind)
    result = sigcheck.fuse(pair, tmp_path / "fused", bind=kind.bind, verify="typed", keep=["c1", "u"])
    assert (result.verdict, result.exit_code) == ("adapts", 0)
    for count in (3, 0):
        batch = tf.zeros([count])
        given = {name: value.numpy() for name, value in run(pair[0], count=batch).items()}
        found = dict(run(tmp_path / "fused", count=batch))
        for name in ("c1", "u"):
            np.testing.assert_array_equal(found.pop(name), given[name])
        check_values({name.removeprefix("got_"): value for name, value in found.items()}, given)
    written = json.loads((tmp_path / "fused" / "assets.extra" / "sigcheck.json").read_text())
    plans = written["links"][0]["plans"]
    assert {name: plan["from"] for name, plan in plans.items()} == kind.fed
    assert plans["c"]["steps"] == ["cast(dtype=float32)", "concat(axis=1)"]


def test_rows_are_made_of_values_and_lengths_between_the_models(tmp_path):
    import tensorflow as tf

    kind = together("ragged_by_lengths")
    pair = save_pair(tmp_path, kind)
    result = sigcheck.fuse(pair, tmp_path / "fused", bind=kind.bind, verify="typed")
    assert (result.verdict, result.exit_code) == ("guarded", 0)
    given = {name: value.numpy() for name, value in run(pair[0], count=tf.zeros([4])).items()}
    (found,) = run(tmp_path / "fused", count=tf.zeros([4])).values()
    assert found.to_list() == [[int(one) for one in row] for row in expected(given)["r"]]
    with pytest.raises(UsageError, match=r"Triton has|dense tensor of known rank"):
        sigcheck.fuse(pair, tmp_path / "triton", bind=kind.bind, verify="typed", triton=True)
    assert not (tmp_path / "triton").exists()


def test_the_adapter_of_an_ensemble_takes_and_gives_each_tensor_once(tmp_path):
    import tensorflow as tf

    # Triton has no complex numbers, and no tensor without axes, as the constant is.
    kind = together(*(one for one in IN_NUMPY if one not in {"complex", "constant"}))
    pair = save_pair(tmp_path, kind)
    result = sigcheck.fuse(pair, tmp_path / "repository", bind=kind.bind, verify="typed", triton=True)
    assert result.exit_code == 0
    values = {"count": tf.zeros([3])}
    for name in ("giver", "giver_to_taker", "taker"):
        values = dict(run(tmp_path / "repository" / name / "1" / "model.savedmodel", **values))
        if name == "giver":
            given = {one: value.numpy() for one, value in values.items()}
    check_values({name.removeprefix("got_"): value for name, value in values.items()}, given)
    config = (tmp_path / "repository" / "giver_to_taker" / "config.pbtxt").read_text()
    names = [line.split('"')[1] for line in config.splitlines() if line.startswith("  name:")]
    assert sorted(names) == sorted([*kind.outputs, *kind.inputs])
