"""Row-by-row calls against a hand-written `tf.map_fn`: the emitted `call_rows`, and the fused pipeline.

python tests/benchmarks/row_calls.py

The model takes one waveform, as YAMNet does; all are run on one thread under tf.function, taking turns. Figures are CPU
times that a fifth of the turns are below: what else the machine does only adds.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf
from measure import judge, say

import sigcheck

SAMPLES, FRAME, BATCHES = 16_000, 400, (1, 32)
# The most time of the hand-written call, and what the ratio of two short calls is off by on a machine that is shared.
MOST_OF_HAND = 1.10
ROUNDS = 41


class Clips(tf.Module):
    """Clips of int16, a batch of them."""

    @tf.function(input_signature=[tf.TensorSpec([None, SAMPLES], tf.int16, "x")])
    def serve(self, x: Any) -> dict[str, Any]:
        return {"pcm": x}


class Sounds(tf.Module):
    """Scores of the frames of one waveform between -1 and 1."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = tf.Variable(tf.random.stateless_normal([FRAME, 64], [1, 2]))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "waveform")])
    def serve(self, waveform: Any) -> dict[str, Any]:
        return {"scores": tf.nn.relu(tf.signal.frame(waveform, FRAME, FRAME // 2) @ self.weights)}


FACTS = {"producer": {"pcm": {"range": [-32768, 32767]}}, "consumer": {"waveform": {"range": [-1, 1]}}}


def main() -> int:
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        for name, module in (("clips", Clips()), ("sounds", Sounds())):
            tf.saved_model.save(module, str(Path(folder, name)), signatures=module.serve)
        pair = (Path(folder, "clips"), Path(folder, "sounds"))
        report = sigcheck.check(*pair, map=True, facts=FACTS, verify="typed")
        sigcheck.fuse(pair, Path(folder, "fused"), map=True, facts=FACTS, verify="typed")
        sounds, fused = (tf.saved_model.load(str(Path(folder, name))) for name in ("sounds", "fused"))
        call, whole = sounds.signatures["serving_default"], fused.signatures["serving_default"]
        ratios = {}
        say("| batch | by hand, ms | `call_rows` | fused |\n| --- | --- | --- | --- |")
        for batch in BATCHES:
            x = tf.constant(np.random.default_rng(1).integers(-32768, 32767, (batch, SAMPLES)), tf.int16)
            versions = {
                "hand": by_hand(call),
                "call_rows": traced(lambda x: report.adapter.call_rows(call, {"pcm": x})["scores"]),
                "fused": lambda x: whole(x=x)["scores"],
            }
            want = versions["hand"](x)
            for version in versions.values():
                np.testing.assert_allclose(version(x), want, rtol=1e-4, atol=1e-4)
            costs = turns(versions, x)
            for name in ("call_rows", "fused"):
                ratios[f"{name}, batch {batch}"] = costs[name] / costs["hand"]
            say(
                f"| {batch} | {costs['hand'] * 1e3:.2f} | {ratios[f'call_rows, batch {batch}']:.2f} "
                f"| {ratios[f'fused, batch {batch}']:.2f} |"
            )
    return judge({f"{name}: {ratio:.2f} of hand-written": ratio <= MOST_OF_HAND for name, ratio in ratios.items()})


def by_hand(call: Any) -> Callable[[Any], Any]:
    """What a person writes: the scale inside the map, the result's spec beside it."""

    def one(clip: Any) -> Any:
        waveform = tf.cast(clip, tf.float32) * (2 / 65535) + 1 / 65535
        return call(waveform=waveform)["scores"]

    return traced(lambda x: tf.map_fn(one, x, fn_output_signature=tf.TensorSpec([None, 64], tf.float32)))


def traced(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function as one graph."""
    graph: Callable[[Any], Any] = tf.function(
        function, input_signature=[tf.TensorSpec([None, SAMPLES], tf.int16)], autograph=False
    )
    return graph


def turns(versions: dict[str, Callable[[Any], Any]], x: Any) -> dict[str, float]:
    """The CPU seconds of one call of each, in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in versions}
    for version in versions.values():
        version(x)
    for _ in range(ROUNDS):
        for name, version in versions.items():
            begin = time.process_time()
            for _ in range(max(1, 32 // len(x))):
                version(x)
            seconds[name].append((time.process_time() - begin) / max(1, 32 // len(x)))
    return {name: sorted(of)[len(of) // 5] for name, of in seconds.items()}


if __name__ == "__main__":
    sys.exit(main())
