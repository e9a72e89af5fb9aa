"""Features that TFDS does not write."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.fuzz.hostile.generator import Generator

CLASS = "tensorflow_datasets.core.features."


def feature(name: str, **content: Any) -> dict[str, Any]:
    return {"pythonClassName": f"{CLASS}{name}", **content}


def of_dict(features: dict[str, Any]) -> dict[str, Any]:
    return feature("features_dict.FeaturesDict", featuresDict={"features": features})


def sequence(inner: Any, length: str = "-1", name: str = "sequence_feature.Sequence") -> dict[str, Any]:
    return feature(name, sequence={"feature": inner, "length": length})


def shaped(*sizes: int, dtype: str = "uint8", **more: Any) -> dict[str, Any]:
    """As protobuf writes it: a shape without axes is an empty object."""
    return {"shape": {"dimensions": [str(size) for size in sizes]} if sizes else {}, "dtype": dtype, **more}


TENSOR = feature("tensor_feature.Tensor", tensor=shaped(2, dtype="float32", encoding="none"))
LABEL = feature("class_label_feature.ClassLabel", classLabel={"numClasses": "10"})
IMAGE = feature("image_feature.Image", image=shaped(28, 28, 1))
WHOLE = of_dict({"image": IMAGE, "label": LABEL, "seq": sequence(sequence(TENSOR))})


def many_features(size: int, generator: Random) -> bytes:
    one = generator.choice([TENSOR, LABEL, IMAGE, {}, 1, sequence(TENSOR), {**TENSOR, "tensor": []}])
    count = max(1, size // (len(json.dumps(one)) + 12))
    return json.dumps(of_dict({f"x{at}": one for at in range(count)})).encode()


def nested(size: int, generator: Random) -> bytes:
    wrap = generator.choice(
        [sequence, lambda inner: of_dict({"a": inner}), lambda inner: of_dict({"a": inner, "b": TENSOR})]
    )
    made: dict[str, Any] = TENSOR
    for _ in range(min(200, max(1, size // 120))):
        made = wrap(made)
    return json.dumps(made).encode()


def long_shape(size: int, generator: Random) -> bytes:
    sizes = [generator.choice(["1", "-1", "9" * 300, 1.5, []])] * max(1, size // 6)
    tensor = {"shape": {"dimensions": sizes}, "dtype": "int32"}
    return json.dumps(of_dict({"x": feature("tensor_feature.Tensor", tensor=tensor)})).encode()


def many_languages(size: int, _: Random) -> bytes:
    languages = [f"l{at}" for at in range(max(1, size // 10))]
    return json.dumps(of_dict({"t": feature("t.Translation", translation={"languages": languages})})).encode()


SEEDS = {"features.json": json.dumps(WHOLE).encode}
GENERATORS: dict[str, list[Generator]] = {"features.json": [many_features, nested, long_shape, many_languages]}
