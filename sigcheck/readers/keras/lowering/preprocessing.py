"""Preprocessing: numbers scaled, pictures resized, text and categories made ids."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sigcheck.graph.view import Tensor
from sigcheck.readers.keras.lowering.building import ROOT_SLACK, as_float32
from sigcheck.readers.keras.lowering.layer_call import LayerCall, Lowering
from sigcheck.schema.dtype import DTYPES

# Keras divides by the larger of the root and `backend.epsilon()`, which a user may have set.
_LEAST_VARIANCE = 1e-4
_INDICATORS = frozenset({"one_hot", "multi_hot", "binary"})
_PICTURE_RANK = 4


def _rescale(call: LayerCall) -> Tensor:
    x = call.builder.cast(call.inputs[0], call.dtype)
    return call.add(
        "AddV2",
        call.add("Mul", x, call.number(call.config["scale"])),
        call.number(call.config.get("offset", 0.0)),
    )


def _normalize(call: LayerCall) -> Tensor:
    """By the mean and variance of the config; those that were adapted to are weights, which are not read."""
    x = call.builder.cast(call.inputs[0], call.dtype)
    mean, variance = call.config.get("mean"), call.config.get("variance")
    if mean is None or variance is None:
        shift = call.builder.variable(call.input_shape[-1], dtype=call.dtype)
        scale = call.builder.variable(call.input_shape[-1], dtype=call.dtype)
    else:
        is_last = _is_last(call)
        shift = call.builder.number(mean, call.dtype, is_last=is_last)
        scale = call.builder.number(_roots(variance), call.dtype, ROOT_SLACK, is_last=is_last)
    if call.config.get("invert"):
        return call.add("AddV2", call.add("Mul", x, scale), shift)
    return call.add("RealDiv", call.add("Sub", x, shift), scale)


def _is_last(call: LayerCall) -> bool:
    axis, rank = call.config.get("axis", -1), len(call.input_shape)
    return axis in (-1, [-1], rank - 1, [rank - 1])


def _roots(variance: object) -> float | list[float]:
    if isinstance(variance, list):
        return [_root(one) for one in variance]
    return _root(variance)


def _root(variance: object) -> float:
    found = as_float32(variance)
    if found < _LEAST_VARIANCE:
        raise ValueError("a variance near zero")
    return math.sqrt(found)


def _resize(call: LayerCall) -> Tensor:
    config = call.config
    if config.get("pad_to_aspect_ratio") or not call.is_float or len(call.input_shape) != _PICTURE_RANK:
        raise ValueError("padded, or no pictures")
    op = {"bilinear": "ResizeBilinear", "nearest": "ResizeNearestNeighbor"}.get(config["interpolation"])
    # Antialiased, bilinear is another kernel; in a narrow float Keras casts to and fro.
    if op is None or (op == "ResizeBilinear" and (config.get("antialias") or call.dtype != "float32")):
        raise ValueError("an interpolation that may overshoot")
    x = call.add("StridedSlice", call.x) if config.get("crop_to_aspect_ratio") else call.x
    return call.add(op, x)


def _crop(call: LayerCall) -> Tensor:
    """What is too small to be cropped is resized."""
    if not call.is_float or any(
        before is None or after is None or before < after
        for before, after in zip(call.input_shape[1:], call.shape[1:], strict=True)
    ):
        raise ValueError("maybe resized")
    return call.add("StridedSlice", call.x)


def _hash(call: LayerCall) -> Tensor:
    if call.config["output_mode"] == "int":
        return _ids(call, call.config["num_bins"])
    return _indicators(call)


def _bucketize(call: LayerCall) -> Tensor:
    """The boundaries are one fewer than the buckets. Those that it adapts to are not in the config before."""
    if call.config["output_mode"] == "int":
        return _ids(call, len(call.config["bin_boundaries"]) + 1)
    return _indicators(call)


def _look_up(call: LayerCall) -> Tensor:
    if call.config.get("invert"):
        raise ValueError("ids looked up")
    if call.config["output_mode"] == "int":
        return _ids(call, _vocabulary_size(call.config, call.kind))
    return _indicators(call)


def _vocabulary_size(config: Mapping[str, object], kind: str) -> int:
    """How many ids the layer gives, mask and unknown tokens among them.

    Keras refuses to load a vocabulary of another size than `vocabulary_size`, where that was recorded,
    and one above `max_tokens`. Raises ValueError where the config does not say it.
    """
    is_text = kind == "TextVectorization"
    vocabulary = config.get("vocabulary")
    if isinstance(vocabulary, list) and vocabulary:
        mask = "" if is_text else config["mask_token"]
        unknowns = 1 if is_text else config["num_oov_indices"]
        if isinstance(unknowns, bool) or not isinstance(unknowns, int) or unknowns < 0:
            raise ValueError("no count of unknown tokens")
        masks = int(mask is not None)
        unknown = "[UNK]" if is_text else config["oov_token"]
        start = vocabulary[: masks + min(unknowns, len(vocabulary))]
        is_whole = start == [mask] * masks + [unknown] * unknowns
        return len(vocabulary) + (0 if is_whole else masks + unknowns)
    for name in ("vocabulary_size", "max_tokens"):
        size = config.get(name)
        if isinstance(size, int) and not isinstance(size, bool) and size > 1:
            return size
    raise ValueError("a vocabulary that is not in the config")


def _encode(call: LayerCall) -> Tensor:
    return _indicators(call)


def _ids(call: LayerCall, count: object) -> Tensor:
    """Ids below a count. Raises ValueError where it is none, or the dtype cannot hold it."""
    highest = DTYPES[call.dtype].highest
    if isinstance(count, bool) or not isinstance(count, int) or count < 1 or highest is None or count > highest:
        raise ValueError("no count of ids")
    return call.add(call.kind, call.inputs[0].tensor, count=count)


def _indicators(call: LayerCall) -> Tensor:
    """Ones and zeros; other modes count, or weigh."""
    if call.config["output_mode"] not in _INDICATORS or not call.is_float:
        raise ValueError("counts")
    depth = call.builder.opaque("depth", ())
    return call.add("OneHot", call.inputs[0].tensor, depth, call.number(1.0), call.number(0.0))


LOWERINGS: Mapping[str, Lowering] = {
    "Rescaling": _rescale,
    "Normalization": _normalize,
    "Resizing": _resize,
    "CenterCrop": _crop,
    "Hashing": _hash,
    "Discretization": _bucketize,
    **dict.fromkeys(("IntegerLookup", "StringLookup", "TextVectorization"), _look_up),
    "CategoryEncoding": _encode,
}
