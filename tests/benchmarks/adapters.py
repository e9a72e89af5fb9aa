"""Emitted adapters against the best versions written by hand, other orders of their steps, and fused models.

python tests/benchmarks/adapters.py [--orders] [--fused]    all of it where nothing is named

All run under tf.function, on batches of 1, 32 and 256, taking turns; figures are medians of CPU time. A claim
is judged on the sum over the batch sizes, weighted equally: single small calls are mostly noise.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf
from measure import ROOT, judge, say

import sigcheck
from sigcheck.adapters.module import load_adapt
from sigcheck.adapters.python_source import write_python
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding, Side
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.transforms import BY_NAME

BATCHES = (1, 32, 256)
# The most time of the best hand-written version, of the best other order, and of the parts one by one.
MOST_OF_HAND = 1.05
MOST_OF_ORDERS = 1.10
MOST_OF_PARTS = 1.0
ROUNDS = 31
# Shorter calls are repeated until a turn takes this long, in seconds.
TURN = 0.004

FACTS = {"producer": {"pressure": {"range": [30_000, 110_000]}}, "consumer": {"readings": {"range": [0, 1]}}}
NHWC = ["batch", "height", "width", "channel"]
NCHW = ["batch", "channel", "height", "width"]
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
Function = Callable[[Any], Any]


class Case(NamedTuple):
    """A pair of specs, with facts, and what people write for it by hand."""

    provided: tuple[str, Mapping[str, Any]]
    required: tuple[str, Mapping[str, Any]]
    by_hand: Function


def _imagenet(x: Any) -> Any:
    # Folded into one product and one sum, as people do who care.
    factor, offset = 1 / (255 * np.float32(STD)), -np.float32(MEAN) / np.float32(STD)
    return tf.cast(x, tf.float32) * factor + offset


CASES: dict[str, Case] = {
    "rank: add an axis": Case(("float32[?, 10]", {}), ("float32[?, 1, 10]", {}), lambda x: tf.expand_dims(x, 1)),
    "range: to float16 in [0, 1]": Case(
        ("float32[?, 1024]", {"range": [30_000, 110_000]}),
        ("float16[?, 1024]", {"range": [0, 1]}),
        lambda x: tf.cast((x - 30_000.0) / 80_000.0, tf.float16),
    ),
    "rows: ragged to 128": Case(
        ("ragged int32[?, None]", {}),
        ("int32[?, 128]", {"padding": {"value": 0}}),
        lambda x: _checked_rows(x).to_tensor(0, shape=[None, 128]),
    ),
    "uint8 NHWC to float32 NCHW in [0, 1]": Case(
        ("uint8[?, 112, 112, 3]", {"range": [0, 255], "axes": NHWC}),
        ("float32[?, 3, 112, 112]", {"range": [0, 1], "axes": NCHW}),
        lambda x: tf.cast(tf.transpose(x, [0, 3, 1, 2]), tf.float32) / 255.0,
    ),
    "ImageNet mean and std": Case(
        ("uint8[?, 112, 112, 3]", {"range": [0, 255], "axes": NHWC}),
        (
            "float32[?, 112, 112, 3]",
            {"normalization": {"mean": MEAN, "std": STD, "raw_range": [0, 1]}, "axes": NHWC},
        ),
        _imagenet,
    ),
    "pixels to [-1, 1]": Case(
        ("uint8[?, 112, 112, 3]", {"range": [0, 255]}),
        ("float32[?, 112, 112, 3]", {"range": [-1, 1]}),
        lambda x: tf.cast(x, tf.float32) / 127.5 - 1.0,
    ),
    "quantize to uint8": Case(
        ("float32[?, 64, 64, 3]", {"range": [0, 1]}),
        ("uint8[?, 64, 64, 3]", {"quantization": {"scale": 0.00392156862745098, "zero_point": 0}}),
        lambda x: tf.cast(tf.clip_by_value(tf.round(x / 0.00392156862745098), 0.0, 255.0), tf.uint8),
    ),
    "dequantize from int8": Case(
        ("int8[?, 64, 64, 3]", {"quantization": {"scale": 0.0078125, "zero_point": -1}}),
        ("float32[?, 64, 64, 3]", {}),
        lambda x: (tf.cast(x, tf.float32) + 1.0) * 0.0078125,
    ),
    "resize 64 to 112": Case(
        ("float32[?, 64, 64, 3]", {"axes": NHWC}),
        ("float32[?, 112, 112, 3]", {"axes": NHWC}),
        lambda x: tf.image.resize(x, [112, 112]),
    ),
    "RGB to BGR, less the mean": Case(
        ("uint8[?, 64, 64, 3]", {"range": [0, 255], "channel_order": "RGB", "axes": NHWC}),
        (
            "float32[?, 64, 64, 3]",
            {
                "normalization": {"mean": [103.9, 116.8, 123.7], "std": [1, 1, 1], "raw_range": [0, 255]},
                "channel_order": "BGR",
                "axes": NHWC,
            },
        ),
        lambda x: tf.cast(tf.reverse(x, [3]), tf.float32) - tf.constant([103.9, 116.8, 123.7]),
    ),
    "ids padded to 128": Case(
        ("int32[?, 100]", {}),
        ("int32[?, 128]", {"padding": {"value": 0}}),
        lambda x: tf.pad(x, [[0, 0], [0, 28]]),
    ),
    "gray to RGB in [0, 1]": Case(
        ("uint8[?, 64, 64, 1]", {"range": [0, 255], "channel_order": "GRAY", "axes": NHWC}),
        ("float32[?, 64, 64, 3]", {"range": [0, 1], "channel_order": "RGB", "axes": NHWC}),
        lambda x: tf.repeat(tf.cast(x, tf.float32) / 255.0, 3, axis=3),
    ),
    "logits to probabilities": Case(
        ("float32[?, 1000]", {"meaning": "logits"}),
        ("float32[?, 1000]", {"meaning": "probabilities"}),
        tf.nn.softmax,
    ),
}


def _checked_rows(x: Any) -> Any:
    tf.debugging.assert_less_equal(tf.reduce_max(x.row_lengths()), tf.constant(128, tf.int64))
    return x


def main(asked: set[str]) -> int:
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    claims: dict[str, bool] = {}
    if not asked or "--cases" in asked:
        claims |= compare_with_hands()
    if not asked or "--orders" in asked:
        claims |= compare_orders()
    if not asked or "--fused" in asked:
        claims |= compare_fused()
    return judge(claims)


def compare_with_hands() -> dict[str, bool]:
    say(f"| adapter | steps | {' | '.join(f'{n}: us, of hand' for n in BATCHES)} | all |")
    say("| --- " * (3 + len(BATCHES)) + "|")
    claims = {}
    for name, case in CASES.items():
        binding, source = plan(case)
        emitted = lone(load_adapt(source))
        ratios, cells = [], []
        for batch in BATCHES:
            value = generate(binding, batch)
            first, second = traced(emitted, value), traced(case.by_hand, value)
            for got, want in zip(flat(first(value)), flat(second(value)), strict=True):
                np.testing.assert_allclose(np.float64(got), np.float64(want), rtol=1e-3, atol=1e-5)
            seconds = medians({"emitted": first, "hand": second}, value)
            ratios.append(seconds["emitted"] / seconds["hand"])
            cells.append(f"{seconds['emitted'] * 1e6:.0f}, {ratios[-1]:.2f}")
        mean = statistics.geometric_mean(ratios)
        steps = ", ".join(step.transform for step in binding.plan.steps)
        say(f"| {name} | {steps} | {' | '.join(cells)} | {mean:.2f} |")
        claims[f"{name}: at most {MOST_OF_HAND} of the version written by hand"] = mean <= MOST_OF_HAND
    return claims


def compare_orders() -> dict[str, bool]:
    """Each plan against the other orders of its steps that give the same values."""
    say("\n| plan | others | slowest, of this | fastest, of this |\n| --- | --- | --- | --- |")
    claims = {}
    for name, case in CASES.items():
        binding, source = plan(case)
        value = generate(binding, 32)
        chosen = traced(lone(load_adapt(source)), value)
        functions = {"chosen": chosen}
        for steps in other_orders(binding):
            other = binding.model_copy(update={"plan": Plan(steps=steps)})
            candidate = traced(lone(load_adapt(write_python(SIDE, SIDE, [other]))), value)
            if same(candidate(value), chosen(value)):
                functions[", ".join(step.transform for step in steps)] = candidate
        if len(functions) == 1:
            continue
        seconds = medians(functions, value)
        own = seconds.pop("chosen")
        fastest = min(seconds, key=lambda one: seconds[one])
        say(
            f"| {name} | {len(seconds)} | {max(seconds.values()) / own:.2f} "
            f"| {seconds[fastest] / own:.2f} ({fastest}) |"
        )
        claims[f"{name}: no other order is over {MOST_OF_ORDERS:g} times as fast"] = (
            own <= MOST_OF_ORDERS * seconds[fastest]
        )
    return claims


def other_orders(binding: Binding) -> Iterator[tuple[Any, ...]]:
    """The other orders of the steps, each proposed again on the spec that it then meets."""
    steps = binding.plan.steps
    for order in itertools.permutations(steps):
        if order == steps:
            continue
        spec, made = binding.provided_spec, []
        for step in order:
            again = [
                one
                for one in BY_NAME[step.transform].propose(spec, binding.required_spec)
                if without_places(one) == without_places(step)
            ]
            if not again:
                break
            made.append(again[0])
            spec = again[0].result
        else:
            if spec.is_subtype_of(binding.required_spec):
                yield tuple(made)


def without_places(step: Any) -> dict[str, Any]:
    """The arguments of a step that do not depend on where the axes are."""
    return {name: value for name, value in step.arguments.items() if name not in {"axis", "perm"}}


def compare_fused() -> dict[str, bool]:
    """Fused models against their parts, adapter included, each a function called one after the other."""
    say("\n| pipeline | " + " | ".join(f"{batch}: us, of parts" for batch in BATCHES) + " | all |")
    say("| --- " * (2 + len(BATCHES)) + "|")
    claims = {}
    fixtures = ROOT / "fixtures"
    for name, producer, consumer, make in (
        (
            "rank",
            "rank/encoder",
            "rank/classifier.keras",
            lambda n: {"measurements": tf.random.normal([n, 24], seed=1)},
        ),
        ("range", "range/sensor.keras", "range/scorer", lambda n: {"voltages": tf.random.normal([n, 8], seed=1)}),
    ):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "fused")
            sources = (fixtures / producer, fixtures / consumer)
            facts = FACTS if name == "range" else None
            sigcheck.fuse(sources, target, verify="typed", facts=facts)
            exported = Path(folder, "parts")
            sigcheck.fuse(sources, exported, verify="typed", facts=facts, triton=True)
            paths = sorted(exported.glob("*/1/model.savedmodel"), key=lambda path: order_of(path.parts[-3], sources))
            models = [tf.saved_model.load(str(path)) for path in paths]
            parts = [model.signatures["serving_default"] for model in models]
            fused_model = tf.saved_model.load(str(target))
            fused = fused_model.signatures["serving_default"]
            ratios, cells = [], []
            for batch in BATCHES:
                value = make(batch)
                by_parts, whole = one_by_one(parts), one_by_one([fused])
                assert same(whole(value), by_parts(value)), name
                seconds = medians({"fused": whole, "parts": by_parts}, value)
                ratios.append(seconds["fused"] / seconds["parts"])
                cells.append(f"{seconds['fused'] * 1e6:.0f}, {ratios[-1]:.2f}")
        mean = statistics.geometric_mean(ratios)
        say(f"| {name} | {' | '.join(cells)} | {mean:.2f} |")
        claims[f"{name} fused: at most {MOST_OF_PARTS:g} of the parts one after the other, equal values"] = (
            mean <= MOST_OF_PARTS
        )
    return claims


def order_of(name: str, sources: tuple[Path, Path]) -> int:
    stems = [source.stem for source in sources]
    return [stems[0], "_to_".join(stems), stems[1]].index(name)


def one_by_one(parts: list[Any]) -> Function:
    def run(value: Mapping[str, Any]) -> Any:
        for part in parts:
            value = part(**arguments(part, value))
        return value

    return run


def arguments(part: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a signature takes them: ragged ones in parts."""
    given: dict[str, Any] = {}
    for name, tensor in value.items():
        if isinstance(tensor, tf.RaggedTensor):
            given |= {name: tensor.flat_values, f"{name}_1": tensor.row_splits}
        else:
            given[name] = tensor
    return given


SIDE = Side(source="benchmark", reader="signature", key="k")


def plan(case: Case) -> tuple[Binding, str]:
    """The binding that is planned for a case, and its code."""
    ends = [
        Endpoint(name="x", spec=parse_spec(spec).replace(facts=Facts.model_validate(facts)))
        for spec, facts in (case.provided, case.required)
    ]
    report = sigcheck.check(Signature(outputs=(ends[0],)), Signature(inputs=(ends[1],)), verify="typed")
    assert report.adapter is not None, str(report)
    return report.bindings[0], report.adapter.source


def lone(adapt: Callable[[dict[str, Any]], dict[str, Any]]) -> Function:
    return lambda x: adapt({"x": x})["x"]


def generate(binding: Binding, batch: int) -> Any:
    spec, random = binding.provided_spec, np.random.default_rng(0)
    if spec.kind == "ragged":
        lengths = random.integers(20, 128, batch)
        return tf.RaggedTensor.from_row_lengths(random.integers(1, 1000, lengths.sum(), np.int32), lengths)
    low, high = spec.facts.range or (0, 100)
    shape = [batch if size is None else size for size in spec.shape or ()]
    return tf.constant(random.uniform(low, high, shape).astype(spec.dtype))


def traced(function: Function, value: Any) -> Function:
    """The function as TensorFlow runs it, its batch left open."""
    spec = tf.type_spec_from_value(value)
    if isinstance(spec, tf.TensorSpec):
        spec = tf.TensorSpec([None, *spec.shape[1:]], spec.dtype)
    else:
        spec = tf.RaggedTensorSpec([None, None], spec.dtype, ragged_rank=1)
    concrete: Function = tf.function(function, autograph=False).get_concrete_function(spec)
    return concrete


def medians(functions: Mapping[str, Function], value: Any) -> dict[str, float]:
    """CPU seconds of one call of each, all threads; they take turns, so that what else runs slows all."""
    counts = {}
    for name, function in functions.items():
        for _ in range(3):
            function(value)
        counts[name] = max(1, int(TURN / max(1e-6, turn(function, value, 3))))
    repeats = min(counts.values())
    rounds: list[dict[str, float]] = []
    for at in range(ROUNDS):
        names = list(functions) if at % 2 else list(functions)[::-1]
        rounds.append({name: turn(functions[name], value, repeats) for name in names})
    return {name: statistics.median(one[name] for one in rounds) for name in functions}


def turn(function: Function, value: Any, repeats: int) -> float:
    begin = time.process_time()
    for _ in range(repeats):
        function(value)
    return (time.process_time() - begin) / repeats


def flat(value: Any) -> list[Any]:
    return [one.numpy() for one in tf.nest.flatten(value, expand_composites=True)]


def same(one: Any, other: Any) -> bool:
    return all(
        a.shape == b.shape and np.allclose(np.float64(a), np.float64(b), rtol=1e-5, atol=1e-6)
        for a, b in zip(flat(one), flat(other), strict=True)
    )


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
