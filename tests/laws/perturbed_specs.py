"""Specs that are the same but for one coordinate, as `parts.coordinates` has them."""

from __future__ import annotations

from random import Random

from pydantic import ValidationError

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.example_features import Features
from sigcheck.schema.facts import Boxes, Normalization, Padding, Quantization
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.coordinates import READINGS
from sigcheck.transforms.parts.transform import Transform
from tests.laws.random_specs import AXES, COMMON_DTYPES, MEANINGS, RANGES, RARE_DTYPES, SIZES, TEXTS

# Coordinates that are parts of others, which change with them.
PARTS = {"kernels": "dtype", "numbers": "encoding"}


def is_read(transform: Transform, coordinate: str) -> bool:
    """Whether the transform says that its proposals follow from this coordinate too."""
    return coordinate in transform.READS or PARTS.get(coordinate, coordinate) in transform.READS


def proposed(transform: Transform, spec: TensorSpec, required: TensorSpec) -> list[tuple[object, ...]]:
    """What the transform proposes, without the results, which have all other coordinates."""
    return [
        (str(step), step.loss, step.assumption, step.guard, step.cost.meaning)
        for step in transform.propose(spec, required)
    ]


def perturb(random: Random, spec: TensorSpec, coordinate: str) -> TensorSpec | None:
    """The spec with this coordinate changed and no other one; None where what was drawn cannot be."""
    try:
        drawn = _CHANGES[coordinate](random, spec)
    except (ValidationError, ValueError):
        return None
    own = {coordinate, PARTS.get(coordinate)}
    same = all(reading(drawn) == reading(spec) for name, reading in READINGS.items() if name not in own)
    return drawn if same else None


def _with(spec: TensorSpec, **facts: object) -> TensorSpec:
    return spec.replace(facts=spec.facts.replace(**facts))


def _kind(random: Random, spec: TensorSpec) -> TensorSpec:
    kind = random.choice(("dense", "ragged", "sparse"))
    extra = {"ragged_rank": 1, "row_splits_dtype": "int64"} if kind == "ragged" else {}
    bare = {"ragged_rank": None, "row_splits_dtype": None}
    return spec.replace(**{"kind": kind, **bare, **extra})


def _sizes(random: Random, spec: TensorSpec) -> TensorSpec:
    shape = list(spec.shape or ())
    shape[random.randrange(len(shape))] = random.choice(SIZES)
    return spec.replace(shape=tuple(shape))


def _axes(random: Random, spec: TensorSpec) -> TensorSpec:
    names = random.choice((None, tuple(random.sample((*AXES, "class", "a", None), len(spec.shape or ())))))
    return _with(spec, axes=names)


def _dtype(random: Random, spec: TensorSpec) -> TensorSpec:
    return spec.replace(dtype=random.choice((*COMMON_DTYPES, *RARE_DTYPES)))


def _encoding(random: Random, spec: TensorSpec) -> TensorSpec:
    facts = spec.facts
    what = random.choice(("range", "normalization", "quantization", "none"))
    if what == "range":
        return _with(spec, range=random.choice((None, *RANGES)))
    if what == "normalization":
        count = len(facts.normalization.mean) if facts.normalization is not None else 1
        numbers = Normalization(mean=[float(at) for at in range(count)], std=[2.0 + at for at in range(count)])
        return _with(spec, normalization=random.choice((None, numbers)))
    if what == "quantization" and DTYPES[spec.dtype or "variant"].kind in {"int", "uint"}:
        return _with(spec, quantization=random.choice((None, Quantization(scale=0.5, zero_point=1))), range=None)
    return _with(spec, range=None, normalization=None, quantization=None)


def _numbers(random: Random, spec: TensorSpec) -> TensorSpec:
    """Numbers along an axis, or no more along one: the encoding changes with them."""
    sizes = [(axis, size) for axis, size in enumerate(spec.shape or ()) if size is not None and 1 < size < 9]
    if not sizes or (spec.facts.quantization is not None and random.random() < 0.5):
        return _with(spec, range=None, normalization=None, quantization=None)
    axis, size = random.choice(sizes)
    if DTYPES[spec.dtype or "variant"].kind in {"int", "uint"}:
        scales = [1.0 + at for at in range(size)]
        return _with(spec, quantization=Quantization(scale=scales, zero_point=[0] * size, axis=axis), range=None)
    return _with(spec, normalization=Normalization(mean=[1.0 * at for at in range(size)], std=[1.0] * size))


def _meaning(random: Random, spec: TensorSpec) -> TensorSpec:
    return _with(spec, meaning=random.choice((None, "lengths", *(TEXTS if spec.dtype == "string" else MEANINGS))))


def _ids(random: Random, spec: TensorSpec) -> TensorSpec:
    return _with(spec, id_count=random.choice((None, 2, 10, 300)))


def _colours(random: Random, spec: TensorSpec) -> TensorSpec:
    return _with(spec, channel_order=random.choice((None, "RGB", "BGR", "GRAY", "RGBA")))


def _boxes(random: Random, spec: TensorSpec) -> TensorSpec:
    told = ("yxyx", "xyxy normalized", {"order": "cxcywh", "unit": "pixels", "size": (480, 640)})
    return _with(spec, boxes=random.choice((None, *map(Boxes.model_validate, told))))


def _features(random: Random, spec: TensorSpec) -> TensorSpec:
    told = None if spec.dtype != "string" else random.choice((None, {"age": "int64[1]"}, {"age": "float32[?]"}))
    return _with(spec, features=told and Features.model_validate(told))


def _padding(random: Random, spec: TensorSpec) -> TensorSpec:
    value = "" if spec.dtype == "string" else random.choice((0, 1))
    return _with(spec, padding=random.choice((None, Padding(value=value, side=random.choice(("post", "pre"))))))


_CHANGES = {
    "kind": _kind,
    "sizes": _sizes,
    "axes": _axes,
    "numbers": _numbers,
    "colours": _colours,
    "kernels": _dtype,
    "dtype": _dtype,
    "encoding": _encoding,
    "meaning": _meaning,
    "ids": _ids,
    "boxes": _boxes,
    "features": _features,
    "padding": _padding,
}
