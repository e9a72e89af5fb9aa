"""Keras layers that keep the sizes, and those that merge several tensors element by element."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.layer import as_built, built, parts, require_keeping, settings
from sigcheck.sizes.operations.elementwise import broadcast, same
from sigcheck.sizes.tensor import Size, Sized


def _activated(call: Call) -> Sized:
    require_keeping(settings(call).get("activation"))
    return Sized(call.sizes())


def _normalized(call: Call) -> Sized:
    """Batch normalization, whose weights are as many as one axis is long (`input_spec`)."""
    sizes: list[Size] = list(call.sizes())
    axis = _axes(call, len(sizes))[0]
    sizes[axis] = as_built(call, sizes[axis], axis)
    return Sized(tuple(sizes))


def _weighted(call: Call) -> Sized:
    """Times weights along some axes, which an axis of 1 is stretched to."""
    sizes = call.sizes()
    weights: list[Size] = [1] * len(sizes)
    for axis in _axes(call, len(sizes)):
        weights[axis] = built(call, axis) or call.fresh()
    return Sized(broadcast(call, sizes, tuple(weights)))


def _axes(call: Call, rank: int) -> list[int]:
    told = settings(call).get("axis", -1)
    found = list(told) if isinstance(told, list | tuple) else [] if told is None else [told]
    if any(type(one) is not int for one in found):
        raise UndecidedError("no axis")
    return [call.axis(one, rank) for one in found]


def _scaled(call: Call) -> Sized:
    """By one number for all, or one for each along the last axis, which it may stretch."""
    if any(isinstance(settings(call).get(name), list) for name in ("scale", "offset")):
        sizes = call.sizes()
        return Sized(sizes) if isinstance(sizes[-1], int) and sizes[-1] > 1 else Sized((*sizes[:-1], call.fresh()))
    return Sized(call.sizes())


def _merged(call: Call) -> Sized:
    """Operands of fewer axes get some behind the batch (`Merge.call`)."""
    known = [call.sizes(at) for at in parts(call)]
    if not known:
        raise UndecidedError("nothing to merge")
    rank = max(map(len, known))
    full = [(*sizes[:1], *(1,) * (rank - len(sizes)), *sizes[1:]) for sizes in known]
    found = full[0]
    for other in full[1:]:
        found = broadcast(call, found, other)
    return Sized(found)


_SAME = (
    "ActivityRegularization AlphaDropout Dropout ELU GaussianDropout GaussianNoise "
    "GroupNormalization Identity LeakyReLU Masking PReLU RandomBrightness RandomColorDegeneration "
    "RandomColorJitter RandomContrast RandomFlip RandomGrayscale RandomHue RandomRotation RandomSaturation "
    "RandomSharpness RandomShear RandomTranslation RandomZoom ReLU Softmax SpatialDropout1D SpatialDropout2D "
    "SpatialDropout3D ThresholdedReLU UnitNormalization"
)
_WEIGHTED = "LayerNormalization Normalization RMSNormalization"
_MERGING = "Add Average Maximum Minimum Multiply Subtract"


def _looked_up(call: Call) -> Sized:
    """As ids; as vectors over a vocabulary nothing is known but how many axes there are."""
    if settings(call).get("output_mode", "int") != "int" or settings(call).get("sparse"):
        raise UndecidedError("vectors")
    return Sized(call.sizes())


RULES: dict[str, Rule] = {
    **{f"Keras>{name}": same for name in _SAME.split()},
    **{f"Keras>{name}": _normalized for name in ("BatchNormalization", "BatchNormalizationV1")},
    **{f"Keras>{name}": _weighted for name in _WEIGHTED.split()},
    **{f"Keras>{name}": _merged for name in _MERGING.split()},
    **{f"Keras>{name}": _looked_up for name in ("Discretization", "Hashing", "IntegerLookup", "StringLookup")},
    "Keras>Activation": _activated,
    "Keras>Rescaling": _scaled,
}
