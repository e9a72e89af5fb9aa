"""Scalings: the few that are so usual that they tell what is scaled.

A scaling proves nothing: x / 32768 is audio, and x / 255 may be anything. These are the ones that
Keras, TensorFlow's slim models and torchvision put before networks that read pictures.
"""

from __future__ import annotations

from sigcheck.schema.facts import Range

# Scales are written in float32, sometimes as a division: to within this part they are the same.
_NEAR = 1e-4
PIXELS: Range = (0.0, 255.0)

# keras.applications.imagenet_utils.preprocess_input, mode "torch".
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

# (scale, offset) of `scale * x + offset`, and the range of x that is meant.
_KNOWN: tuple[tuple[tuple[float, ...], tuple[float, ...], Range], ...] = (
    ((1 / 255,), (0.0,), PIXELS),
    ((1 / 256,), (0.0,), PIXELS),
    ((1 / 127.5,), (-1.0,), PIXELS),
    ((1 / 128,), (-1.0,), PIXELS),
    ((1 / 128,), (-127.5 / 128,), PIXELS),
    ((1 / 255,), (-0.5,), PIXELS),
    (tuple(1 / (255 * std) for std in _STD), tuple(-m / s for m, s in zip(_MEAN, _STD, strict=True)), PIXELS),
    # Mode "caffe": BGR, the means of ImageNet taken off.
    ((1.0,), (-103.939, -116.779, -123.68), PIXELS),
    ((1.0,), (-123.68, -116.779, -103.939), PIXELS),
    ((2.0,), (-1.0,), (0.0, 1.0)),
    (tuple(1 / std for std in _STD), tuple(-m / s for m, s in zip(_MEAN, _STD, strict=True)), (0.0, 1.0)),
)


def raw_range(scale: tuple[float, ...], offset: tuple[float, ...]) -> Range | None:
    """The range of the values that such a scaling is meant for; None where it is not one of the usual.

    >>> raw_range((0.007843138,), (-1.0,)), raw_range((1 / 32768,), (0.0,))
    ((0.0, 255.0), None)
    """
    for known_scale, known_offset, found in _KNOWN:
        if _are_near(scale, known_scale) and _are_near(offset, known_offset):
            return found
    return None


def _are_near(ones: tuple[float, ...], others: tuple[float, ...]) -> bool:
    if len(ones) != len(others):
        return False
    return all(abs(one - other) <= _NEAR * max(abs(other), _NEAR) for one, other in zip(ones, others, strict=True))
