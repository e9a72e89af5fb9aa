"""Pairs whose adapters are measured, each with the best versions that people write for it by hand.

Of several versions the fastest counts, in TensorFlow and in NumPy. Constants that belong to channels are written out
along the width, as those do who have measured it; whoever has not takes three times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

Function = Callable[[Any], Any]
NHWC = ["batch", "height", "width", "channel"]
NCHW = ["batch", "channel", "height", "width"]
FRAMES = ["batch", "time", "height", "width", "channel"]
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
IMAGENET = {"normalization": {"mean": MEAN, "std": STD, "raw_range": [0, 1]}}
BYTES, PIXELS = {"range": [0, 255]}, {"meaning": "pixels"}
# What is subtracted from bytes, and what they are multiplied by then; the same of values in [0, 1].
LESS, TIMES = 255 * np.float32(MEAN), 1 / (255 * np.float32(STD))
LESS_1, TIMES_1 = np.float32(MEAN), 1 / np.float32(STD)


class Case(NamedTuple):
    """A pair of specs, with facts, and what people write for it by hand; no NumPy for what has no arrays there."""

    provided: tuple[str, Mapping[str, Any]]
    required: tuple[str, Mapping[str, Any]]
    by_hand: tuple[Function, ...]
    in_numpy: tuple[Function, ...] = ()
    has_xla: bool = True


def wide(numbers: Any, width: int) -> Any:
    """Numbers of channels, written out along the width."""
    return np.tile(np.float32(numbers)[None], (width, 1))


def tall(numbers: Any, behind: int) -> Any:
    """Numbers of channels that stand before so many axes."""
    return np.reshape(np.float32(numbers), [-1, *[1] * behind])


def _floats(x: Any) -> Any:
    return tf.cast(x, tf.float32)


def _normalized(less: Any, times: Any) -> tuple[tuple[Function, ...], tuple[Function, ...]]:
    """Bytes or floats less something, times something, both of the last axis."""

    def in_tensorflow(x: Any) -> Any:
        return (_floats(x) - wide(less, x.shape[-2])) * wide(times, x.shape[-2])

    def folded(x: Any) -> Any:
        return _floats(x) * wide(times, x.shape[-2]) - wide(less * times, x.shape[-2])

    def short(x: Any) -> Any:
        return _floats(x) * times - less * times

    def in_numpy(x: Any) -> Any:
        y = x.astype(np.float32)
        y -= wide(less, x.shape[-2])
        y *= wide(times, x.shape[-2])
        return y

    def as_one(x: Any) -> Any:
        y = np.subtract(x, wide(less, x.shape[-2]), dtype=np.float32)
        y *= wide(times, x.shape[-2])
        return y

    return (in_tensorflow, folded, short), (in_numpy, as_one)


def _channels_first(perm: list[int]) -> tuple[tuple[Function, ...], tuple[Function, ...]]:
    behind = len(perm) - 2

    def in_tensorflow(x: Any) -> Any:
        return (_floats(tf.transpose(x, perm)) - tall(LESS, behind)) * tall(TIMES, behind)

    def folded(x: Any) -> Any:
        return _floats(tf.transpose(x, perm)) * tall(TIMES, behind) - tall(LESS * TIMES, behind)

    def in_numpy(x: Any) -> Any:
        y = np.transpose(x, perm).astype(np.float32, order="C")
        y -= tall(LESS, behind)
        y *= tall(TIMES, behind)
        return y

    return (in_tensorflow, folded), (in_numpy,)


def _then(last: Function, first: Function) -> Function:
    return lambda x: last(first(x))


def _in_place(x: Any, *operations: tuple[Any, Any]) -> Any:
    """An array of float32, and NumPy functions with their second operands, one after the other."""
    y = np.asarray(x).astype(np.float32)
    for function, operand in operations:
        function(y, operand, out=y)
    return y


def _rounded(y: Any, _: None, out: Any) -> None:
    np.rint(y, out=out)


def _stored(y: Any, low: float, high: float, dtype: Any) -> Any:
    np.rint(y, out=y)
    np.clip(y, low, high, out=y)
    return y.astype(dtype)


def _shifted_requantized(x: Any) -> Any:
    return tf.cast(tf.round((_floats(x) - 128.0) * 0.5) + 3.0, tf.int8)


def _less_mean_reversed(x: Any) -> Any:
    return _floats(tf.reverse(x, [3])) - wide([103.9, 116.8, 123.7], x.shape[2])


def _padded(x: Any) -> Any:
    y = np.zeros((len(x), 128), x.dtype)
    y[:, :100] = x
    return y


def _checked_rows(x: Any) -> Any:
    tf.debugging.assert_less_equal(tf.reduce_max(x.row_lengths()), tf.constant(128, tf.int64))
    return x


CASES: dict[str, Case] = {
    "rank: add an axis": Case(
        ("float32[?, 10]", {}),
        ("float32[?, 1, 10]", {}),
        (lambda x: tf.expand_dims(x, 1),),
        (lambda x: x[:, np.newaxis],),
    ),
    "axes of one entry": Case(
        ("float32[?, 1, 32, 1]", {}),
        ("float32[?, 32]", {}),
        (lambda x: tf.squeeze(x, [1, 3]), lambda x: tf.reshape(x, [-1, 32])),
        (lambda x: x[:, 0, :, 0], lambda x: x.squeeze((1, 3))),
    ),
    "range: to float16 in [0, 1]": Case(
        ("float32[?, 1024]", {"range": [30_000, 110_000]}),
        ("float16[?, 1024]", {"range": [0, 1]}),
        (lambda x: tf.cast((x - 30_000.0) / 80_000.0, tf.float16),),
        (lambda x: ((x - 30_000.0) / 80_000.0).astype(np.float16),),
    ),
    "rows: ragged to 128": Case(
        ("ragged int32[?, None]", {}),
        ("int32[?, 128]", {"padding": {"value": 0}}),
        (lambda x: _checked_rows(x).to_tensor(0, shape=[None, 128]),),
        has_xla=False,
    ),
    "bytes NHWC to NCHW in [0, 1]": Case(
        ("uint8[?, 112, 112, 3]", {**BYTES, "axes": NHWC}),
        ("float32[?, 3, 112, 112]", {"range": [0, 1], "axes": NCHW}),
        (lambda x: _floats(tf.transpose(x, [0, 3, 1, 2])) / 255.0,),
        (lambda x: _in_place(np.ascontiguousarray(np.transpose(x, [0, 3, 1, 2])), (np.divide, np.float32(255))),),
    ),
    "ImageNet of bytes": Case(
        ("uint8[?, 112, 112, 3]", {**BYTES, "axes": NHWC}),
        ("float32[?, 112, 112, 3]", {**IMAGENET, "axes": NHWC}),
        *_normalized(LESS, TIMES),
    ),
    "ImageNet of floats in [0, 1]": Case(
        ("float32[?, 112, 112, 3]", {"range": [0, 1], "axes": NHWC}),
        ("float32[?, 112, 112, 3]", {**IMAGENET, "axes": NHWC}),
        *_normalized(LESS_1, TIMES_1),
    ),
    "ImageNet of floats in [0, 255]": Case(
        ("float32[?, 112, 112, 3]", {**BYTES, "axes": NHWC}),
        ("float32[?, 112, 112, 3]", {**IMAGENET, "axes": NHWC}),
        *_normalized(LESS, TIMES),
    ),
    "ImageNet of bytes, to NCHW": Case(
        ("uint8[?, 112, 112, 3]", {**BYTES, "axes": NHWC}),
        ("float32[?, 3, 112, 112]", {**IMAGENET, "axes": NCHW}),
        *_channels_first([0, 3, 1, 2]),
    ),
    "ImageNet of bytes, in float16": Case(
        ("uint8[?, 112, 112, 3]", {**BYTES, "axes": NHWC}),
        ("float16[?, 112, 112, 3]", {**IMAGENET, "axes": NHWC}),
        tuple(_then(lambda x: tf.cast(x, tf.float16), of) for of in _normalized(LESS, TIMES)[0]),
        tuple(_then(lambda x: x.astype(np.float16), of) for of in _normalized(LESS, TIMES)[1]),
    ),
    "video: ImageNet of bytes": Case(
        ("uint8[?, 8, 56, 56, 3]", {**BYTES, "axes": FRAMES}),
        ("float32[?, 8, 56, 56, 3]", {**IMAGENET, "axes": FRAMES}),
        *_normalized(LESS, TIMES),
    ),
    "video: channels first": Case(
        ("uint8[?, 8, 56, 56, 3]", {**BYTES, "axes": FRAMES}),
        ("float32[?, 3, 8, 56, 56]", {**IMAGENET, "axes": ["batch", "channel", *FRAMES[1:4]]}),
        *_channels_first([0, 4, 1, 2, 3]),
    ),
    "bytes to [-1, 1]": Case(
        ("uint8[?, 112, 112, 3]", BYTES),
        ("float32[?, 112, 112, 3]", {"range": [-1, 1]}),
        (lambda x: _floats(x) / 127.5 - 1.0,),
        (lambda x: _in_place(x, (np.divide, np.float32(127.5)), (np.subtract, np.float32(1))),),
    ),
    "ImageNet to [-1, 1]": Case(
        ("float32[?, 64, 64, 3]", {**IMAGENET, "axes": NHWC}),
        ("float32[?, 64, 64, 3]", {"range": [-1, 1], "axes": NHWC}),
        (lambda x: x * wide(2 * np.float32(STD), x.shape[2]) + wide(2 * np.float32(MEAN) - 1, x.shape[2]),),
        (
            lambda x: _in_place(
                x * wide(2 * np.float32(STD), x.shape[2]), (np.add, wide(2 * np.float32(MEAN) - 1, x.shape[2]))
            ),
            lambda x: np.add(y := x * wide(2 * np.float32(STD), 64), wide(2 * np.float32(MEAN) - 1, 64), out=y),
        ),
    ),
    "pixels in [0, 1] to bytes": Case(
        ("float32[?, 64, 64, 3]", {"range": [0, 1], **PIXELS}),
        ("uint8[?, 64, 64, 3]", {**BYTES, **PIXELS}),
        (lambda x: tf.cast(tf.clip_by_value(tf.round(x * 255.0), 0.0, 255.0), tf.uint8),),
        (lambda x: _stored(x * np.float32(255), 0, 255, np.uint8),),
    ),
    "quantize to uint8": Case(
        ("float32[?, 64, 64, 3]", {"range": [0, 1]}),
        ("uint8[?, 64, 64, 3]", {"quantization": {"scale": 0.00392156862745098, "zero_point": 0}}),
        (lambda x: tf.cast(tf.clip_by_value(tf.round(x / 0.00392156862745098), 0.0, 255.0), tf.uint8),),
        (lambda x: _stored(x / np.float32(0.00392156862745098), 0, 255, np.uint8),),
    ),
    "quantize bytes to int8": Case(
        ("uint8[?, 64, 64, 3]", {**BYTES, "axes": NHWC}),
        (
            "int8[?, 64, 64, 3]",
            {"quantization": {"scale": 0.0078125, "zero_point": 0}, "range": [-1, 1], "axes": NHWC},
        ),
        (lambda x: tf.cast(tf.clip_by_value(tf.round(_floats(x) / 0.99609375 - 128.0), -128.0, 127.0), tf.int8),),
        (
            lambda x: _stored(
                _in_place(x, (np.divide, np.float32(0.99609375)), (np.subtract, np.float32(128))), -128, 127, np.int8
            ),
        ),
    ),
    "dequantize from int8": Case(
        ("int8[?, 64, 64, 3]", {"quantization": {"scale": 0.0078125, "zero_point": -1}}),
        ("float32[?, 64, 64, 3]", {}),
        (lambda x: (_floats(x) + 1.0) * 0.0078125,),
        (lambda x: _in_place(x, (np.add, np.float32(1)), (np.multiply, np.float32(0.0078125))),),
    ),
    "dequantize into [0, 1]": Case(
        ("int8[?, 64, 64, 3]", {"quantization": {"scale": 0.0078125, "zero_point": -1}, "range": [-1, 1]}),
        ("float32[?, 64, 64, 3]", {"range": [0, 1]}),
        (lambda x: (_floats(x) + 129.0) * 0.00390625,),
        (lambda x: _in_place(x, (np.add, np.float32(129)), (np.multiply, np.float32(0.00390625))),),
    ),
    "requantize: uint8 to int8": Case(
        ("uint8[?, 64, 64, 3]", {"quantization": {"scale": 0.5, "zero_point": 128}}),
        ("int8[?, 64, 64, 3]", {"quantization": {"scale": 0.5, "zero_point": 0}}),
        (
            lambda x: tf.bitcast(tf.bitwise.bitwise_xor(x, tf.constant(128, tf.uint8)), tf.int8),
            lambda x: tf.cast(tf.cast(x, tf.int16) - 128, tf.int8),
        ),
        (lambda x: (x ^ np.uint8(128)).view(np.int8),),
    ),
    "requantize: another scale": Case(
        ("uint8[?, 64, 64, 3]", {"quantization": {"scale": 0.5, "zero_point": 128}}),
        ("int8[?, 64, 64, 3]", {"quantization": {"scale": 1.0, "zero_point": 3}}),
        (_shifted_requantized,),
        (
            lambda x: _in_place(
                x, (np.subtract, np.float32(128)), (np.multiply, np.float32(0.5)), (_rounded, None), (np.add, 3)
            ).astype(np.int8),
        ),
    ),
    "resize 64 to 112": Case(
        ("float32[?, 64, 64, 3]", {"axes": NHWC}),
        ("float32[?, 112, 112, 3]", {"axes": NHWC}),
        (lambda x: tf.image.resize(x, [112, 112]),),
    ),
    "resize bytes and ImageNet": Case(
        ("uint8[?, 64, 64, 3]", {**BYTES, "axes": NHWC}),
        ("float32[?, 112, 112, 3]", {**IMAGENET, "axes": NHWC}),
        tuple(_then(lambda x: tf.image.resize(x, [112, 112]), of) for of in _normalized(LESS, TIMES)[0]),
    ),
    "RGB to BGR, less the mean": Case(
        ("uint8[?, 64, 64, 3]", {**BYTES, "channel_order": "RGB", "axes": NHWC}),
        (
            "float32[?, 64, 64, 3]",
            {
                "normalization": {"mean": [103.9, 116.8, 123.7], "std": [1, 1, 1], "raw_range": [0, 255]},
                "channel_order": "BGR",
                "axes": NHWC,
            },
        ),
        (_less_mean_reversed,),
        (lambda x: _in_place(x[..., ::-1], (np.subtract, wide([103.9, 116.8, 123.7], 64))),),
    ),
    "ids padded to 128": Case(
        ("int32[?, 100]", {}),
        ("int32[?, 128]", {"padding": {"value": 0}}),
        (lambda x: tf.pad(x, [[0, 0], [0, 28]]),),
        (lambda x: np.pad(x, [[0, 0], [0, 28]]), _padded),
    ),
    "gray to RGB in [0, 1]": Case(
        ("uint8[?, 64, 64, 1]", {**BYTES, "channel_order": "GRAY", "axes": NHWC}),
        ("float32[?, 64, 64, 3]", {"range": [0, 1], "channel_order": "RGB", "axes": NHWC}),
        (lambda x: tf.repeat(_floats(x) / 255.0, 3, axis=3),),
        (lambda x: np.repeat(_in_place(x, (np.divide, np.float32(255))), 3, axis=3),),
    ),
    "logits to probabilities": Case(
        ("float32[?, 1000]", {"meaning": "logits"}),
        ("float32[?, 1000]", {"meaning": "probabilities"}),
        (lambda x: tf.nn.softmax(x),),  # noqa: PLW0108  # with defaults each call takes longer
    ),
}
