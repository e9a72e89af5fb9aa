"""Layers with weights: products, convolutions, tables, and what only moves, pools or merges their results."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.graph.view import Tensor
from sigcheck.readers.keras.lowering.activations import activate
from sigcheck.readers.keras.lowering.layer_call import LayerCall, Lowering, known_shape

_PICTURE_RANK, _SEQUENCE_RANK = 4, 3


def _product(call: LayerCall) -> Tensor:
    """Dense."""
    units = _count(call, "units")
    kernel = call.builder.variable(call.input_shape[-1], units, dtype=call.dtype)
    return _finished(call, call.add("MatMul", _weighted(call), kernel, rank=len(call.input_shape)), units)


def _convolution(call: LayerCall) -> Tensor:
    """Conv1D and Conv2D; in TensorFlow both are Conv2D."""
    filters, sizes = _count(call, "filters"), call.config["kernel_size"]
    x, kernel = _weighted(call), call.builder.variable(None, None, None, filters, dtype=call.dtype)
    if len(call.input_shape) == _SEQUENCE_RANK and len(sizes) == 1:
        x = call.add("ExpandDims", x, call.builder.whole(1))
    elif len(call.input_shape) != _PICTURE_RANK or len(sizes) != 2:  # noqa: PLR2004  # height and width
        raise ValueError("no kernel of this rank")
    found = call.add("Conv2D", x, kernel, data_format=call.data_format)
    return _finished(call, found, filters)


def _depthwise(call: LayerCall) -> Tensor:
    return _finished(call, _depthwise_product(call), call.shape[-1])


def _separable(call: LayerCall) -> Tensor:
    filters = _count(call, "filters")
    pointwise = call.builder.variable(1, 1, None, filters, dtype=call.dtype)
    found = call.add("Conv2D", _depthwise_product(call), pointwise, data_format=call.data_format)
    return _finished(call, found, filters)


def _depthwise_product(call: LayerCall) -> Tensor:
    if len(call.input_shape) != _PICTURE_RANK:
        raise ValueError("no picture")
    kernel = call.builder.variable(None, None, None, None, dtype=call.dtype)
    return call.add("DepthwiseConv2dNative", _weighted(call), kernel, data_format=call.data_format)


def _opaque_product(call: LayerCall) -> Tensor:
    """Products of which nothing is known but the activation behind."""
    return activate(call, call.builder.opaque(call.kind, call.inputs), call.config["activation"])


def _finished(call: LayerCall, tensor: Tensor, channels: int | None) -> Tensor:
    """Bias and activation."""
    if call.config["use_bias"]:
        bias = call.builder.variable(channels, dtype=call.dtype)
        tensor = call.add("BiasAdd", tensor, bias, data_format="NHWC" if call.data_format == "?" else call.data_format)
    return activate(call, tensor, call.config["activation"])


def _weighted(call: LayerCall) -> Tensor:
    """The input in the layer's dtype; weights make a float of whole numbers."""
    (flow,) = call.inputs
    return call.builder.cast(flow, call.dtype)


def _embedding(call: LayerCall) -> Tensor:
    (flow,) = call.inputs
    rows, width = _count(call, "input_dim"), _count(call, "output_dim")
    ids = flow.tensor if flow.spec.dtype == "int64" else call.builder.cast(flow, "int32")
    table = call.builder.variable(rows, width, dtype=call.dtype)
    return call.add("GatherV2", table, ids, call.builder.whole(0))


def _identity(call: LayerCall) -> Tensor:
    """What does something in training only."""
    return call.add("Identity", call.x)


def _normalized(call: LayerCall) -> Tensor:
    """Its statistics are weights: nothing is known of its values."""
    return call.add("Keras>BatchNormalization", call.x)


def _pool(op: str) -> Lowering:
    """MaxPool leaves no window empty: what is padded is not looked at."""

    def lower(call: LayerCall) -> Tensor:
        return call.add(op, _float(call), data_format=call.data_format)

    return lower


def _pool_globally_most(call: LayerCall) -> Tensor:
    shape = known_shape(call.inputs[0].spec)
    inner = shape[1:-1] if call.data_format == "NHWC" else shape[2:]
    # The largest of no values is -inf.
    if call.data_format == "?" or not inner or not all(inner):
        raise ValueError("maybe nothing to pool")
    return call.add("MaxPool", _float(call), data_format=call.data_format)


def _pool_globally_mean(call: LayerCall) -> Tensor:
    if call.is_masked:
        raise ValueError("a mean of what is not masked")
    return call.add("Mean", _float(call))


def _flatten(call: LayerCall) -> Tensor:
    x, size = call.x, call.shape[-1]
    if call.data_format == "NCHW":
        x = call.add("Transpose", x)
    return call.add("Reshape", x, call.builder.whole(-1, -1 if size is None else size))


def _reshape(call: LayerCall) -> Tensor:
    sizes = (-1 if size is None else size for size in call.shape[1:])
    return call.add("Reshape", call.x, call.builder.whole(-1, *sizes))


def _move(op: str) -> Lowering:
    """What puts values elsewhere, repeats them or leaves some out."""

    def lower(call: LayerCall) -> Tensor:
        return call.add(op, call.x)

    return lower


def _enlarge(call: LayerCall) -> Tensor:
    interpolation = call.config.get("interpolation", "nearest")
    if len(call.input_shape) == _PICTURE_RANK and interpolation == "bilinear" and call.dtype == "float32":
        return call.add("ResizeBilinear", call.x)
    if interpolation != "nearest":
        raise ValueError("an interpolation that overshoots")
    return call.add("ResizeNearestNeighbor" if len(call.input_shape) == _PICTURE_RANK else "Tile", call.x)


def _join(call: LayerCall) -> Tensor:
    axis = call.config.get("axis", -1)
    return call.add("ConcatV2", *_each(call), call.builder.whole(axis))


def _merge(op: str) -> Lowering:
    def lower(call: LayerCall) -> Tensor:
        if call.is_masked:
            raise ValueError("masked values are left out")
        found, *others = _each(call)
        for other in others:
            found = call.add(op, found, other)
        return found

    return lower


def _average(call: LayerCall) -> Tensor:
    return call.add("RealDiv", _merge("AddV2")(call), call.number(len(call.inputs)))


def _each(call: LayerCall) -> list[Tensor]:
    if not call.is_float or len(call.inputs) < 2:  # noqa: PLR2004  # one is nothing to merge
        raise ValueError("nothing to merge")
    return [call.seen(flow) for flow in call.inputs]


def _unit_length(call: LayerCall) -> Tensor:
    # Squares of narrow floats underflow, and what is divided by them is infinite.
    if call.dtype not in {"float32", "float64"}:
        raise ValueError("a narrow float")
    return call.add("UnitNormalization", call.x)


def _float(call: LayerCall) -> Tensor:
    if not call.is_float:
        raise ValueError("no float")
    return call.x


def _count(call: LayerCall, name: str) -> int:
    found = call.config[name]
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise ValueError(f"{name} is no count")
    return found


LOWERINGS: Mapping[str, Lowering] = {
    "Dense": _product,
    **dict.fromkeys(("Conv1D", "Conv2D", "Convolution1D", "Convolution2D"), _convolution),
    "DepthwiseConv2D": _depthwise,
    **dict.fromkeys(("SeparableConv2D", "SeparableConvolution2D"), _separable),
    **dict.fromkeys(
        (
            "Conv1DTranspose",
            "Conv2DTranspose",
            "Conv3D",
            "Conv3DTranspose",
            "DepthwiseConv1D",
            "EinsumDense",
            "SeparableConv1D",
        ),
        _opaque_product,
    ),
    "Embedding": _embedding,
    **dict.fromkeys(
        (
            "ActivityRegularization",
            "AlphaDropout",
            "Dropout",
            "GaussianDropout",
            "GaussianNoise",
            "Identity",
            "SpatialDropout1D",
            "SpatialDropout2D",
            "SpatialDropout3D",
        ),
        _identity,
    ),
    "BatchNormalization": _normalized,
    **dict.fromkeys(("MaxPooling1D", "MaxPooling2D", "MaxPooling3D"), _pool("MaxPool")),
    **dict.fromkeys(("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"), _pool("AvgPool")),
    **dict.fromkeys(("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"), _pool_globally_most),
    **dict.fromkeys(
        ("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"), _pool_globally_mean
    ),
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _move("Transpose"),
    "RepeatVector": _move("Tile"),
    **dict.fromkeys(("Cropping1D", "Cropping2D", "Cropping3D"), _move("StridedSlice")),
    **dict.fromkeys(("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"), _move("Pad")),
    **dict.fromkeys(("UpSampling1D", "UpSampling2D", "UpSampling3D"), _enlarge),
    "Concatenate": _join,
    "Add": _merge("AddV2"),
    "Multiply": _merge("Mul"),
    "Maximum": _merge("Maximum"),
    "Minimum": _merge("Minimum"),
    "Subtract": _merge("Sub"),
    "Average": _average,
    "UnitNormalization": _unit_length,
}
