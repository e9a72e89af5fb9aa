from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def _format(draw):
    # No kernel for channels first on a CPU: then the shape function alone is compared.
    return draw.choice(["NHWC", "NHWC", "NCHW"])


def _attributes(draw, data_format, *, dilated=True, explicit=True):
    rank = len(data_format)
    inner = [at for at, letter in enumerate(data_format) if letter not in "NC"]
    strides, dilations, paddings = [1] * rank, [1] * rank, [0] * 2 * rank
    kind = draw.choice(["SAME", "VALID", *(["EXPLICIT"] if explicit else [])])
    for at in inner:
        strides[at] = draw.choice([1, 1, 2, 3])
        if dilated and kind != "EXPLICIT" and draw.flag(0.3):
            dilations[at], strides[at] = draw.integer(2, 3), 1
        paddings[2 * at : 2 * at + 2] = draw.integers(2, 0, 2)
    told = {"strides": strides, "padding": kind, "data_format": data_format}
    if dilated:
        told["dilations"] = dilations
    if explicit:
        told["explicit_paddings"] = paddings if kind == "EXPLICIT" else []
    return told


def _picture(draw, data_format, channels, rank=4):
    batch, *inner = draw.shape(rank - 1, open_=0.9, high=7)
    return (batch, channels, *inner) if data_format.startswith("NC") else (batch, *inner, channels)


def conv2d(draw):
    data_format = _format(draw)
    groups = draw.choice([1, 1, 1, 2])
    x = draw.tensor(_picture(draw, data_format, draw.choice(["a", 4, 4, 3])))
    kernel = (*draw.integers(2, 1, 3), draw.choice([4 // groups, 4 // groups, 3]), 12)
    return raw.Conv2D(input=x, filter=tf.zeros(kernel), **_attributes(draw, data_format))


def conv3d(draw):
    x = draw.tensor(_picture(draw, "NDHWC", draw.choice(["a", 2]), 5))
    kernel = (*draw.integers(3, 1, 3), 2, 12)
    return raw.Conv3D(input=x, filter=tf.zeros(kernel), **_attributes(draw, "NDHWC", dilated=False, explicit=False))


def depthwise(draw):
    data_format = _format(draw)
    x = draw.tensor(_picture(draw, data_format, draw.choice(["a", 2, 2])))
    told = _attributes(draw, data_format)
    inner = slice(1, 3) if data_format == "NHWC" else slice(2, 4)
    told["strides"][inner] = [max(told["strides"])] * 2
    kernel = (*draw.integers(2, 1, 3), 2, draw.integer(1, 2))
    return raw.DepthwiseConv2dNative(input=x, filter=tf.zeros(kernel), **told)


def _back(draw, data_format, op, **names):
    """The result is as large as computed sizes say."""
    rank = len(data_format)
    inner = slice(2, rank) if data_format.startswith("NC") else slice(1, rank - 1)
    window = draw.integers(rank - 2, 1, 3)
    told = _attributes(draw, data_format, dilated=rank == 4, explicit=rank == 4)
    y = draw.tensor(_picture(draw, data_format, draw.choice(["a", 3, 3, 3]), rank), high=2)
    x = draw.tensor(_picture(draw, data_format, draw.choice(["d", 2, 2, 2]), rank))
    # As large as a convolution makes what is given of, in most cases.
    spans = [(one - 1) * rate + 1 for one, rate in zip(window, told.get("dilations", [1] * rank)[inner], strict=True)]
    paddings = told.get("explicit_paddings") or [0] * 2 * rank
    more = [0] * rank
    for place, at in enumerate(range(rank)[inner]):
        lost = {"SAME": told["strides"][at], "VALID": spans[place]}.get(told["padding"], spans[place])
        more[at] = lost - told["strides"][at] - sum(paddings[2 * at : 2 * at + 2]) + draw.choice([0, 0, 0, 1])
    grown = [
        2 if letter == "C" else draw.size(y, at) * told["strides"][at] + more[at]
        for at, letter in enumerate(data_format)
    ]
    wanted = tf.stack(grown) if draw.flag(0.7) else tf.shape(x)
    kernel = (*window, 2, 3)
    return op(filter=tf.zeros(kernel), out_backprop=y, **{names["wanted"]: wanted}, **told)


def conv2d_back(draw):
    return _back(draw, _format(draw), raw.Conv2DBackpropInput, wanted="input_sizes")


def conv3d_back(draw):
    return _back(draw, "NDHWC", raw.Conv3DBackpropInputV2, wanted="input_sizes")


def depthwise_back(draw):
    data_format = "NHWC"
    told = _attributes(draw, data_format, dilated=False)
    told["strides"] = [1, *[told["strides"][1]] * 2, 1]
    y = draw.tensor(_picture(draw, data_format, 4))
    grown = list(tf.unstack(tf.shape(y)))
    for at in (1, 2):
        grown[at] = grown[at] * told["strides"][at] + draw.whole(draw.choice([0, 0, -1, 1]))
    grown[3] = draw.whole(2)
    kernel = (*draw.integers(2, 1, 3), 2, 2)
    return raw.DepthwiseConv2dNativeBackpropInput(
        input_sizes=tf.stack(grown), filter=tf.zeros(kernel), out_backprop=y, **told
    )


def _pooled(op, rank, *, explicit):
    def case(draw):
        data_format = _format(draw) if rank == 4 else "NDHWC"
        told = _attributes(draw, data_format, dilated=False, explicit=explicit)
        x = draw.tensor(_picture(draw, data_format, draw.choice(["a", 3]), rank))
        least = 3 if told["padding"] == "EXPLICIT" else 1
        told["ksize"] = [1 if letter in "NC" else draw.integer(least, 4) for letter in data_format]
        return op(told, x)

    return case


def dilation(draw):
    x = draw.tensor(_picture(draw, "NHWC", draw.choice(["a", 2])))
    rates = [1, *draw.integers(2, 1, 2), 1]
    strides = [1, *draw.integers(2, 1, 2), 1]
    kernel = tf.zeros((*draw.integers(2, 1, 3), 2))
    return raw.Dilation2D(input=x, filter=kernel, strides=strides, rates=rates, padding=draw.choice(["SAME", "VALID"]))


def max_pool_v2(draw):
    x = draw.tensor(_picture(draw, "NHWC", 3))
    return raw.MaxPoolV2(
        input=x,
        ksize=draw.whole([1, *draw.integers(2, 1, 4), 1]),
        strides=draw.whole([1, *draw.integers(2, 1, 3), 1]),
        padding=draw.choice(["SAME", "VALID"]),
    )


def with_places(draw):
    x = draw.tensor(_picture(draw, "NHWC", 3))
    return raw.MaxPoolWithArgmax(
        input=x,
        ksize=[1, *draw.integers(2, 1, 4), 1],
        strides=[1, *draw.integers(2, 1, 3), 1],
        padding=draw.choice(["SAME", "VALID"]),
    )


def patches(draw):
    x = draw.tensor(_picture(draw, "NHWC", draw.choice(["a", 3])))
    return raw.ExtractImagePatches(
        images=x,
        ksizes=[1, *draw.integers(2, 1, 3), 1],
        strides=[1, *draw.integers(2, 1, 3), 1],
        rates=[1, *draw.integers(2, 1, 2), 1],
        padding=draw.choice(["SAME", "VALID"]),
    )


CASES = {
    "Conv2D": conv2d,
    "Conv3D": conv3d,
    "DepthwiseConv2dNative": depthwise,
    "Conv2DBackpropInput": conv2d_back,
    "Conv3DBackpropInputV2": conv3d_back,
    "DepthwiseConv2dNativeBackpropInput": depthwise_back,
    "MaxPool": _pooled(lambda told, x: raw.MaxPool(input=x, **told), 4, explicit=True),
    "AvgPool": _pooled(lambda told, x: raw.AvgPool(value=x, **told), 4, explicit=False),
    "MaxPool3D": _pooled(lambda told, x: raw.MaxPool3D(input=x, **told), 5, explicit=False),
    "AvgPool3D": _pooled(lambda told, x: raw.AvgPool3D(input=x, **told), 5, explicit=False),
    "MaxPoolV2": max_pool_v2,
    "MaxPoolWithArgmax": with_places,
    "Dilation2D": dilation,
    "ExtractImagePatches": patches,
}
