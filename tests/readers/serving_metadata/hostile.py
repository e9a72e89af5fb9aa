"""Metadata of TensorFlow Serving that it does not answer with."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.fuzz.hostile.generator import Generator

INFO = {"name": "x:0", "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "-1"}, {"size": "4"}]}}
SIGNATURE = {"inputs": {"x": INFO}, "outputs": {"y": INFO}, "methodName": "tensorflow/serving/predict"}


def answer(signatures: Any) -> bytes:
    kind = "type.googleapis.com/tensorflow.serving.SignatureDefMap"
    told = {"@type": kind, "signatureDef": signatures}
    return json.dumps({"modelSpec": {"name": "m"}, "metadata": {"signature_def": told}}).encode()


def whole() -> bytes:
    return answer({"serving_default": SIGNATURE})


def many_signatures(size: int, generator: Random) -> bytes:
    one = generator.choice([SIGNATURE, {}, 1, {"inputs": []}, {"outputs": {"y": 1}}])
    return answer({f"s{at}": one for at in range(max(1, size // (len(json.dumps(one)) + 12)))})


def many_infos(size: int, generator: Random) -> bytes:
    one = generator.choice([INFO, {}, 1, {"dtype": 1}, {"tensorShape": {"unknownRank": True}}])
    infos = {f"x{at}": one for at in range(max(1, size // (len(json.dumps(one)) + 12)))}
    return answer({"s": {**SIGNATURE, generator.choice(["inputs", "outputs"]): infos}})


def long_shape(size: int, generator: Random) -> bytes:
    one = generator.choice([{"size": "1"}, {}, 1, {"size": "9" * 5_000}])
    count = max(1, size // (len(json.dumps(one)) + 2))
    return answer({"s": {**SIGNATURE, "inputs": {"x": {**INFO, "tensorShape": {"dim": [one] * count}}}}})


SEEDS = {"serving.json": whole}
GENERATORS: dict[str, list[Generator]] = {"serving.json": [many_signatures, many_infos, long_shape]}
