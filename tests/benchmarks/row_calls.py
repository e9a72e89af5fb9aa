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


class RaggedClips(tf.Module):
    """The same clips, each of a length of its own."""

    @tf.function(input_signature=[tf.TensorSpec([None, SAMPLES], tf.int16, "x")])
    def serve(self, x: Any) -> dict[str, Any]:
        return {"pcm": lengthened(x)}


def lengthened(x: Any) -> Any:
    """Rows of which the first is whole, and each after it a frame shorter."""
    lengths = SAMPLES - FRAME * (tf.range(tf.shape(x)[0]) % 16)
    return tf.RaggedTensor.from_tensor(x, lengths=lengths)


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
        for name, module in (("clips", Clips()), ("ragged", RaggedClips()), ("sounds", Sounds())):
            tf.saved_model.save(module, str(Path(folder, name)), signatures=module.serve)
        ratios: dict[str, float] = {}
        say("| rows | batch | by hand, ms | `call_rows` | fused |\n| --- | --- | --- | --- | --- |")
        ratios |= compared("dense", Path(folder), "clips", lambda x: x, tf.TensorSpec([None, 64], tf.float32))
        ragged = tf.RaggedTensorSpec([None, 64], tf.float32, ragged_rank=0)
        ratios |= compared("ragged", Path(folder), "ragged", lengthened, ragged)
    return judge({f"{name}: {ratio:.2f} of hand-written": ratio <= MOST_OF_HAND for name, ratio in ratios.items()})


def compared(rows: str, folder: Path, clips: str, of: Callable[[Any], Any], result: Any) -> dict[str, float]:
    """The ratios to what a person writes, of the emitted call and of the fused pipeline, at each batch."""
    pair = (folder / clips, folder / "sounds")
    report = sigcheck.check(*pair, map=True, facts=FACTS, verify="typed")
    sigcheck.fuse(pair, folder / f"fused_{clips}", map=True, facts=FACTS, verify="typed")
    sounds, fused = (tf.saved_model.load(str(folder / name)) for name in ("sounds", f"fused_{clips}"))
    call, whole = sounds.signatures["serving_default"], fused.signatures["serving_default"]
    ratios = {}
    for batch in BATCHES:
        x = tf.constant(np.random.default_rng(1).integers(-32768, 32767, (batch, SAMPLES)), tf.int16)
        versions = {
            "hand": by_hand(call, of, result),
            "call_rows": traced(lambda x: report.adapter.call_rows(call, {"pcm": of(x)})["scores"]),
            "fused": lambda x: whole(x=x)["scores"],
        }
        want = flat(versions["hand"](x))
        for version in versions.values():
            np.testing.assert_allclose(flat(version(x)), want, rtol=1e-4, atol=1e-4)
        costs = turns(versions, x)
        of_hand = {name: costs[name] / costs["hand"] for name in ("call_rows", "fused")}
        told = f"{of_hand['call_rows']:.2f} | {of_hand['fused']:.2f}"
        say(f"| {rows} | {batch} | {costs['hand'] * 1e3:.2f} | {told} |")
        ratios |= {f"{name}, {rows}, batch {batch}": ratio for name, ratio in of_hand.items()}
    return ratios


def flat(tensor: Any) -> Any:
    """The values of a dense or ragged tensor."""
    return tensor.flat_values if isinstance(tensor, tf.RaggedTensor) else tensor


def by_hand(call: Any, of: Callable[[Any], Any], result: Any) -> Callable[[Any], Any]:
    """What a person writes: the scale inside the map, the result's spec beside it."""

    def one(clip: Any) -> Any:
        waveform = tf.cast(clip, tf.float32) * (2 / 65535) + 1 / 65535
        return call(waveform=waveform)["scores"]

    return traced(lambda x: tf.map_fn(one, of(x), fn_output_signature=result))


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
