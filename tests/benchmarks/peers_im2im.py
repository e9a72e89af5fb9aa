"""Conversions of images, of im2im's own descriptions, asked of im2im and of sigcheck.

The pairs: everything that im2im tells apart in a NumPy array, of which a tensor can be one: colours, the place
of their axis, one picture or a batch, and uint8 in [0, 255], float32 or float64 in [0, 1], float32 in [-1, 1].
All ordered pairs of two descriptions are the universe, of which a stated number is drawn.

What is right is worked out here, by neither: the source is read as RGB in [0, 1] and written as the target. A
batch of more than one picture has no right single picture, so a pair that takes or gives one has a batch of one.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec
from tests.benchmarks.peers_answer import Array, write_array

# What the output and the input are called.
GIVEN, WANTED = "given", "wanted"
HEIGHT, WIDTH, BATCH = 4, 5, 2
SEED = 11

# The ends of the encoding by im2im's name of the type; `double` is its other name of float64.
RANGES: Mapping[str, tuple[str, tuple[int, int]]] = {
    "uint8": ("uint8", (0, 255)),
    "float32(0to1)": ("float32", (0, 1)),
    "float32(-1to1)": ("float32", (-1, 1)),
    "float64(0to1)": ("float64", (0, 1)),
}
# Brightness by ITU-R BT.601, to the three digits on which im2im and TensorFlow agree.
BRIGHTNESS = (0.299, 0.587, 0.114)
# Of the ends of the encoding: rounding of weights and of float32, and one step of uint8 where a side is bytes.
TOLERANCE, BYTE_STEP = 1e-3, 1 / 255


class Form(NamedTuple):
    """A description of a picture in a tensor, in im2im's words."""

    colour: str
    order: str
    is_batch: bool
    type: str

    def metadata(self) -> dict[str, Any]:
        """It as im2im takes it."""
        return {
            "data_representation": "numpy.ndarray",
            "color_channel": self.colour,
            "channel_order": self.order,
            "minibatch_input": self.is_batch,
            "image_data_type": self.type,
            "device": "cpu",
        }

    def spec(self, *, is_one: bool) -> dict[str, Any]:
        """It as sigcheck takes it: a spec with its facts declared, sizes of the picture unknown."""
        dtype, ends = RANGES[self.type]
        sizes: list[int | None] = [None, None]
        axes = ["height", "width"]
        if self.order != "none":
            at = 0 if self.order == "channel first" else 2
            sizes.insert(at, 1 if self.colour == "gray" else 3)
            axes.insert(at, "channel")
        if self.is_batch:
            sizes.insert(0, 1 if is_one else None)
            axes.insert(0, "batch")
        facts = {"axes": axes, "range": list(ends), "channel_order": self.colour.upper(), "meaning": "pixels"}
        return {"kind": "dense", "dtype": dtype, "shape": sizes, "facts": facts}

    def write(self, pictures: Array) -> Array:
        """RGB pictures in [0, 1], of shape [batch, height, width, 3] and float64, in this form."""
        colours = pictures[..., ::-1] if self.colour == "bgr" else pictures
        if self.colour == "gray":
            colours = (pictures @ np.array(BRIGHTNESS))[..., None]
        dtype, (low, high) = RANGES[self.type]
        values = colours * (high - low) + low
        values = np.rint(values).astype(dtype) if dtype == "uint8" else values.astype(dtype)
        if self.order == "channel first":
            values = np.moveaxis(values, -1, 1)
        elif self.order == "none":
            values = values[..., 0]
        return values if self.is_batch else values[0]

    def read(self, array: Array) -> Array:
        """RGB pictures in [0, 1] from an array of this form."""
        _, (low, high) = RANGES[self.type]
        values = (array if self.is_batch else array[None]).astype(np.float64)
        if self.order == "channel first":
            values = np.moveaxis(values, 1, -1)
        elif self.order == "none":
            values = values[..., None]
        values = (values - low) / (high - low)
        if self.colour == "gray":
            return np.repeat(values, 3, axis=-1)
        return values[..., ::-1] if self.colour == "bgr" else values


class Pair(NamedTuple):
    """A conversion, with one picture or batch and what it is to become."""

    source: Form
    target: Form
    given: Array
    wanted: Array

    @property
    def is_one(self) -> bool:
        """Whether a side has no batch, so that the other has a batch of one."""
        return not (self.source.is_batch and self.target.is_batch)

    def is_right(self, made: Array) -> bool:
        """Whether an array is what is wanted."""
        _, (low, high) = RANGES[self.target.type]
        has_bytes = "uint8" in {self.source.type, self.target.type}
        near = (TOLERANCE + (BYTE_STEP if has_bytes else 0)) * (high - low)
        return (
            made.shape == self.wanted.shape
            and made.dtype == self.wanted.dtype
            and bool((np.abs(made.astype(np.float64) - self.wanted.astype(np.float64)) <= near).all())
        )


def list_forms() -> list[Form]:
    """All that can be: colour has an axis of its own, which gray may lack."""
    return [
        Form(*parts)
        for parts in itertools.product(
            ("rgb", "bgr", "gray"), ("channel last", "channel first", "none"), (True, False), RANGES
        )
        if parts[1] != "none" or parts[0] == "gray"
    ]


def draw_pairs(count: int) -> list[Pair]:
    """So many of the ordered pairs of two forms, the same ones each time, with pictures of random values."""
    chosen = random.Random(SEED).sample(list(itertools.permutations(list_forms(), 2)), count)
    values = np.random.default_rng(SEED)
    pairs = []
    for source, target in chosen:
        rows = BATCH if source.is_batch and target.is_batch else 1
        given = source.write(values.uniform(0, 1, (rows, HEIGHT, WIDTH, 3)))
        pairs.append(Pair(source, target, given, target.write(source.read(given))))
    return pairs


def write_request(pairs: Sequence[Pair]) -> str:
    """The pairs as the worker of im2im reads them."""
    return json.dumps(
        [
            {"source": pair.source.metadata(), "target": pair.target.metadata(), "image": write_array(pair.given)}
            for pair in pairs
        ]
    )


def write_models(pair: Pair, folder: Path) -> tuple[str, str]:
    """Signature files of both sides."""
    producer, consumer = folder / "producer.json", folder / "consumer.json"
    source, target = pair.source.spec(is_one=pair.is_one), pair.target.spec(is_one=pair.is_one)
    producer.write_text(json.dumps({"outputs": {GIVEN: source}}), encoding="utf-8")
    consumer.write_text(json.dumps({"inputs": {WANTED: target}}), encoding="utf-8")
    return str(producer), str(consumer)


def producer_of(spec: Mapping[str, Any]) -> Signature:
    """A producer of this spec, in memory."""
    return Signature(outputs=(Endpoint(name=GIVEN, spec=TensorSpec.model_validate(spec)),))


def consumer_of(spec: Mapping[str, Any]) -> Signature:
    """A consumer of this spec, in memory."""
    return Signature(inputs=(Endpoint(name=WANTED, spec=TensorSpec.model_validate(spec)),))
