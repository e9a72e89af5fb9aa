from __future__ import annotations

import tensorflow as tf

raw = tf.raw_ops


def resized(op):
    def case(draw):
        x = draw.tensor(draw.shape(4))
        size = draw.choice([draw.whole(draw.integers(2, 1, 5)), tf.shape(x)[1:3] * 2, tf.shape(x)[1:3] - 1])
        return getattr(raw, op)(images=x, size=size)

    return case


def kept(op):
    def case(draw):
        x = draw.tensor((*draw.shape(draw.integer(2, 3)), 3))
        name = {"AdjustContrastv2": "contrast_factor", "AdjustHue": "delta", "AdjustSaturation": "scale"}[op]
        return getattr(raw, op)(images=x, **{name: 0.5})

    return case


def coloured(op):
    def case(draw):
        x = draw.tensor((*draw.shape(draw.integer(0, 3)), draw.choice(["a", 3, 3])))
        return getattr(raw, op)(images=x)

    return case


def cropped(draw):
    x = draw.tensor(draw.shape(4))
    boxes = draw.tensor((draw.choice("ab"), draw.choice(["c", 4, 4])))
    which = draw.tensor((draw.choice(["a", "b"]),), "int32", high=1)
    size = draw.choice([draw.whole(draw.integers(2, 1, 5)), tf.shape(x)[1:3] - 1])
    return raw.CropAndResize(image=x, boxes=boxes, box_ind=which, crop_size=size)


def _boxes(draw):
    rows = draw.choice("ab")
    return {"boxes": draw.tensor((rows, 4)), "scores": draw.tensor((rows,))}


def few(op):
    def case(draw):
        told = _boxes(draw) | {"max_output_size": draw.integer(0, 4)}
        if op != "NonMaxSuppression":
            told["iou_threshold"] = 0.5
        if op in {"NonMaxSuppressionV3", "NonMaxSuppressionV4", "NonMaxSuppressionV5"}:
            told["score_threshold"] = 0.0
        if op == "NonMaxSuppressionV5":
            told["soft_nms_sigma"] = 0.0
        if op in {"NonMaxSuppressionV4", "NonMaxSuppressionV5"}:
            told["pad_to_max_output_size"] = draw.flag()
        found = getattr(raw, op)(**told)
        return found if isinstance(found, tf.Tensor) else list(found)

    return case


def few_of_each_class(draw):
    batch, boxes, classes = draw.choice("ab"), draw.choice("bc"), draw.choice(["d", 2])
    return list(
        raw.CombinedNonMaxSuppression(
            boxes=draw.tensor((batch, boxes, draw.choice([1, 1, classes]), 4)),
            scores=draw.tensor((batch, boxes if draw.flag(0.9) else "d", classes)),
            max_output_size_per_class=draw.integer(1, 3),
            max_total_size=draw.integer(1, 5),
            iou_threshold=0.5,
            score_threshold=0.0,
            pad_per_class=draw.flag(),
        )
    )


def transformed(draw):
    x = draw.tensor(draw.shape(4))
    size = draw.choice([draw.whole(draw.integers(2, 1, 5)), tf.shape(x)[1:3] * 2])
    return raw.ImageProjectiveTransformV3(
        images=x, transforms=tf.ones([1, 8]), output_shape=size, fill_value=0.0, interpolation="NEAREST"
    )


def decoded(op):
    def case(draw):
        height, width = draw.choice("ab"), draw.choice("bc")
        picture = tf.cast(draw.tensor((height, width, 3)), tf.uint8)
        encoded = raw.EncodePng(image=picture) if op == "DecodePng" else raw.EncodeJpeg(image=picture)
        return getattr(raw, op)(contents=encoded, channels=draw.choice([0, 1, 3]))

    return case


def encoded(draw):
    return raw.EncodePng(image=tf.cast(draw.tensor((*draw.shape(2), 3)), tf.uint8))


CASES = {
    **{op: resized(op) for op in ("ResizeBilinear", "ResizeNearestNeighbor", "ResizeBicubic", "ResizeArea")},
    **{op: kept(op) for op in ("AdjustContrastv2", "AdjustHue", "AdjustSaturation")},
    "RGBToHSV": coloured("RGBToHSV"),
    "HSVToRGB": coloured("HSVToRGB"),
    "CropAndResize": cropped,
    **{op: few(op) for op in ("NonMaxSuppression", *(f"NonMaxSuppressionV{number}" for number in (2, 3, 4, 5)))},
    "CombinedNonMaxSuppression": few_of_each_class,
    "ImageProjectiveTransformV3": transformed,
    "DecodeJpeg": decoded("DecodeJpeg"),
    "DecodePng": decoded("DecodePng"),
    "EncodePng": encoded,
}
