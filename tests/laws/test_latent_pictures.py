"""Law: pictures made from the same bytes on both sides come out as the consumer would have made them itself.

Both sides say all of their encoding, colours and axes, so each pair has one right answer, computed here
without the project: what is blocked is a false alarm, what differs a false pass. The adapter is asked in
TensorFlow and in NumPy.
"""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

import sigcheck

NAMES = {"b": "batch", "h": "height", "w": "width", "c": "channel"}
SIZES = {"b": 2, "h": 3, "w": 5, "c": 3}
LAYOUTS = ("bhwc", "bchw", "bwhc")
ORDERS = ("RGB", "BGR")
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CAFFE = (123.68, 116.779, 103.939)

# By name: dtype, facts of colours in the order RGB, and what becomes of bytes of pictures.
ENCODINGS = {
    "bytes": ("uint8", {"range": [0, 255]}, lambda x, mean, std: x),
    "floats of bytes": ("float32", {"range": [0, 255]}, lambda x, mean, std: x),
    "shares": ("float32", {"range": [0, 1]}, lambda x, mean, std: x / 255),
    "both signs": ("float32", {"range": [-1, 1]}, lambda x, mean, std: x / 127.5 - 1),
    "half": ("float16", {"range": [0, 1]}, lambda x, mean, std: x / 255),
    "stored": (
        "int8",
        {"range": [0, 1], "quantization": {"scale": 1 / 255, "zero_point": -128}},
        lambda x, mean, std: x - 128,
    ),
    "torch": (
        "float32",
        {"normalization": {"mean": MEAN, "std": STD, "raw_range": [0, 1]}},
        lambda x, mean, std: (x / 255 - mean) / std,
    ),
    "caffe": (
        "float32",
        {"normalization": {"mean": CAFFE, "std": (1.0, 1.0, 1.0), "raw_range": [0, 255]}},
        lambda x, mean, std: x - mean,
    ),
}
# Floats become stored numbers where a policy lets values be cut off; not asked here.
PAIRS = [
    (ours, theirs)
    for ours, theirs in itertools.product(ENCODINGS, ENCODINGS)
    if ENCODINGS[theirs][0] not in {"uint8", "int8"} or ENCODINGS[ours][0] in {"uint8", "int8"}
]


def made(bytes_of_rgb, encoding, order, layout):
    """What a side that encodes so makes of pictures [b, h, w, RGB], and what it says of it."""
    dtype, facts, encode = ENCODINGS[encoding]
    turn = slice(None, None, -1 if order == "BGR" else 1)
    normalization = {
        name: list(value[turn]) for name, value in facts.get("normalization", {}).items() if name != "raw_range"
    }
    if normalization:
        facts = {"normalization": {**facts["normalization"], **normalization}}
    mean, std = (np.array(normalization.get(name, [0.0])) for name in ("mean", "std"))
    values = encode(bytes_of_rgb[..., turn].astype(np.float64), mean, std)
    array = values.transpose(["bhwc".index(axis) for axis in layout]).astype(dtype)
    spec = f"{dtype}[{', '.join('?' if axis == 'b' else str(SIZES[axis]) for axis in layout)}]"
    return array, spec, {**facts, "channel_order": order, "axes": [NAMES[axis] for axis in layout]}


@pytest.mark.tensorflow
@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_pictures_of_the_same_bytes_are_the_same_pictures(ours, theirs):
    # Seeded by the pair: other layouts and orders meet in every pair, and the same in every run.
    chance = random.Random(f"{ours} {theirs}")
    pictures = np.random.default_rng(5).integers(0, 256, tuple(SIZES.values()))
    sides = [(encoding, chance.choice(ORDERS), chance.choice(LAYOUTS)) for encoding in (ours, theirs)]
    (given, spec, facts), (wanted, required, wants) = (made(pictures, *side) for side in sides)
    report = sigcheck.check(
        {"y": spec}, {"x": required}, facts={"producer": {"y": facts}, "consumer": {"x": wants}}, verify="typed"
    )
    assert report.verdict in {"fits", "adapts"}, (sides, report.findings)
    for adapter in (report.adapter, report.adapter.to_numpy()):
        found = np.asarray(adapter({"y": given})["x"])
        assert found.dtype == wanted.dtype
        # Whole numbers of whole numbers are exact; float16 keeps 11 bits of each side.
        precision = 0 if wanted.dtype.kind in "iu" else 1e-3 if "half" in (ours, theirs) else 1e-5
        span = max(1.0, float(np.abs(wanted.astype(np.float64)).max()))
        # What is read from float16 is as much larger as its range is spread.
        spread = 8 if ours == "half" else 1
        np.testing.assert_allclose(
            found.astype(np.float64), wanted.astype(np.float64), rtol=0, atol=precision * span * spread
        )
