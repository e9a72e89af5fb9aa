"""Any spec that can be declared: every dtype, size, rank and fact that the schema accepts, however odd.

What `random_specs` draws is what models have; this is what files may say. A fact is put on the spec where the schema
lets it stand, so that nearly all that is drawn is a spec.
"""

from __future__ import annotations

from random import Random
from typing import Any

from pydantic import ValidationError

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.meaning import RAW, TEXTUAL
from sigcheck.schema.padding_problem import padding_problem
from sigcheck.schema.shape import MAX_RANK, MAX_SIZE
from sigcheck.schema.tensor_spec import TensorSpec

COMMON = ("float32", "int32", "uint8", "float16", "int64", "string", "bool", "float64")
SIZES = (None, None, None, 0, 1, 1, 2, 3, 3, 4, 4, 5, 6, 8, 12)
HUGE = (31, 224, 2**16, 2**31 - 1, 2**31, 2**53 + 1, 2**62, MAX_SIZE)
NAMES = ("batch", "height", "width", "channel", "time", "feature", "x", "ü", "", "a b", "0", "values", None, None)
NUMBERS = (
    *(0.0, 1.0, 255.0, -1.0, 0.5, 127.5, 2.0, 100.0, 448.0, 65504.0, 1e-3, -0.0, 7.0, -128.0, 127.0, 65535.0),
    *(5e-324, 1e-300, 1e-45, 2.0**-126, 1e-40, 3.4e38, 1e39, 1e300, 1.7e308, -1.7e308, 2.0**31, 2.0**53, 2.0**63),
    *(2.0**64, -(2.0**63), 1 / 255, 0.1, 1 + 2**-52, 16777217.0),
)
FILLERS = (0, 1, -1, 0.0, -0.0, 0.5, 255, 1e300, 5e-324, -1.7e308, 10**30, -(2**63), 2**64, True, False, 65505, 3.4e38)
TEXTS = ("", "x", "nan", "ü", "\0", "0", "-1", "1e400", "True", "a,b", "\n", "inf", "x" * 1000)
WORDS = ("logits", "log_probabilities", "probabilities", "class_ids", "token_ids", "pixels", "embedding", "lengths")
MEANINGS = (*WORDS, "mask", *sorted(TEXTUAL - RAW), "raw_int16", "raw_float32", "raw_uint16_be", "raw_float64_be")
FEATURES = ("float32[3]", "int64[]", "string[] optional", "int64[?]", "int64[?, 2]", "float32[0]", "string[2, 0, 3]")
ORIGINS = ("declared", "read", "inferred", "observed")


def number(random: Random) -> float:
    return random.choice(NUMBERS if random.random() < 0.5 else NUMBERS[:12])


def size(random: Random) -> int | None:
    return random.choice(HUGE if random.random() < 0.03 else SIZES)


def draw_shape(random: Random) -> tuple[int | None, ...] | None:
    odds = random.random()
    if odds < 0.05:
        return None
    rank = random.choice((9, 33, MAX_RANK)) if odds < 0.06 else random.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6))
    return tuple(size(random) for _ in range(rank))


def draw_dtype(random: Random) -> str | None:
    odds = random.random()
    if odds < 0.02:
        return None
    return random.choice(COMMON) if odds < 0.6 else random.choice(tuple(DTYPES))


def _count(random: Random, shape: tuple[int | None, ...] | None) -> int:
    """How many numbers: as many as an axis is long, mostly, or one."""
    known = [one for one in shape or () if one and one < 20]
    return random.choice((1, 1, 2, 3, 4, *known))


def ends(random: Random) -> list[float]:
    return sorted((number(random), number(random)))


def _axes(random, spec):
    rank = spec.rank if spec.rank is not None else random.randint(0, 4)
    return [random.choice(NAMES) for _ in range(rank)]


def _normalization(random, spec):
    count = _count(random, spec.shape)
    mean, std = [number(random) for _ in range(count)], [abs(number(random)) for _ in range(count)]
    return {"mean": mean, "std": std, **({"raw_range": ends(random)} if random.random() < 0.4 else {})}


def _quantization(random, spec):
    count = _count(random, spec.shape)
    zeros = (0, 0, 5, -128, 127, 128, 2**31, -(2**63), 2**64)
    scales, points = [abs(number(random)) for _ in range(count)], [random.choice(zeros) for _ in range(count)]
    axis = random.randint(-4, 4) if count > 1 or random.random() < 0.2 else None
    return {"scale": scales, "zero_point": points, "axis": axis}


def _boxes(random, spec):
    told = {"order": random.choice(("yxyx", "xyxy", "xywh", "cxcywh"))}
    told["unit"] = random.choice((None, "normalized", "pixels", "pixels"))
    if told["unit"] == "pixels" and random.random() < 0.6:
        told["size"] = [abs(number(random)) or 1.0 for _ in range(2)]
    if told["unit"] == "pixels" and random.random() < 0.2:
        told["image"] = random.choice(("x", "image", "", "x0"))
    return told


def _features(random, spec):
    words = ("", " optional", " per_step", " optional per_step")
    names = random.sample(("a", "x", "x0", "", "ü", "b c", "image/encoded"), random.randint(1, 3))
    return {name: random.choice(FEATURES).partition(" ")[0] + random.choice(words) for name in names}


FACTS = {
    "axes": _axes,
    "range": lambda random, _: ends(random),
    "normalization": _normalization,
    "quantization": _quantization,
    "meaning": lambda random, _: random.choice(MEANINGS),
    "id_count": lambda random, _: random.choice((1, 2, 10, 255, 256, 30522, 2**31, 2**63, 2**64)),
    "channel_order": lambda random, _: random.choice(("RGB", "BGR", "GRAY", "RGBA")),
    "boxes": _boxes,
    "features": _features,
    "padding": lambda random, _: {
        "value": random.choice(FILLERS if random.random() < 0.7 else TEXTS),
        "side": random.choice(("post", "pre")),
    },
}


def with_facts(random: Random, spec: TensorSpec, names: list[str]) -> TensorSpec:
    """The spec with these facts, each where the schema lets it stand beside the others."""
    for name in names:
        told = {**spec.facts.model_dump(), name: FACTS[name](random, spec)}
        told.pop("origins", None)
        spec = made(spec, facts=told) or spec
    if spec.facts.known() and random.random() < 0.4:
        origins = {name: random.choice(ORIGINS) for name in spec.facts.known()}
        spec = made(spec, facts={**spec.facts.model_dump(), "origins": origins}) or spec
    return spec


def made(spec: TensorSpec, **changes: Any) -> TensorSpec | None:
    """The spec with these changes, as a file would say them; None where it cannot be."""
    try:
        return TensorSpec.model_validate({**spec.model_dump(), **changes})
    except ValidationError:
        return None


def bare(random: Random, shape: tuple[int | None, ...] | None, dtype: str | None) -> TensorSpec:
    """A spec of some kind without facts."""
    kind = random.choice(("dense",) * 6 + ("ragged", "ragged", "sparse"))
    if kind == "ragged" and (shape is None or len(shape) > 1):
        rank = random.randint(1, 3 if shape is None else min(4, len(shape) - 1))
        if shape is not None:
            # Rows of one length are told as such by some.
            inner = (one if random.random() < 0.1 else None for one in shape[1 : 1 + rank])
            shape = (shape[0], *inner, *shape[1 + rank :])
        splits = random.choice(("int32", "int64", "int64"))
        return TensorSpec(kind="ragged", dtype=dtype, shape=shape, ragged_rank=rank, row_splits_dtype=splits)
    if kind == "ragged" and shape != () and random.random() < 0.2:
        return TensorSpec(kind="ragged", dtype=dtype, shape=shape, ragged_rank=0, row_splits_dtype="int64")
    return TensorSpec(kind="sparse" if kind == "sparse" else "dense", dtype=dtype, shape=shape)


def draw_spec(random: Random) -> TensorSpec:
    count = random.choice((0, 1, 1, 2, 2, 3, 5, len(FACTS)))
    return with_facts(random, bare(random, draw_shape(random), draw_dtype(random)), random.sample(list(FACTS), count))


def draw_pair(random: Random) -> tuple[TensorSpec, TensorSpec]:
    """A provided and a required spec, the one mostly what some changes make of the other."""
    provided = draw_spec(random)
    odds = random.random()
    if odds < 0.2:
        return provided, draw_spec(random)
    shape, dtype, facts = provided.shape, provided.dtype, provided.facts.model_dump()
    if shape is not None and random.random() < 0.6:
        shape = _changed(random, shape)
    if random.random() < 0.5:
        dtype = draw_dtype(random)
    required = bare(random, shape, dtype)
    if random.random() < 0.6:
        required = made(provided, dtype=dtype) or required
    for name in random.sample(list(facts), len(facts)):
        if name != "origins" and random.random() < 0.5:
            required = made(required, facts={**required.facts.model_dump(), name: facts[name]}) or required
    required = with_facts(random, required, random.sample(list(FACTS), random.choice((0, 1, 1, 2, 3))))
    return (provided, required) if random.random() < 0.5 else (required, provided)


def varied(random: Random, spec: TensorSpec) -> TensorSpec:
    """A spec as it is, or of another dtype, shape or other facts; now and then any other."""
    odds = random.random()
    if odds < 0.05:
        return draw_spec(random)
    if odds < 0.15 and spec.shape is not None:
        spec = made(spec, shape=_changed(random, spec.shape)) or spec
    elif odds < 0.25:
        spec = made(spec, dtype=draw_dtype(random)) or spec
    elif odds < 0.3:
        spec = made(spec, shape=None) or spec
    return with_facts(random, spec, random.sample(list(FACTS), random.choice((0, 0, 1, 1, 2, 4))))


def endpoint(name: str, spec: TensorSpec) -> dict[str, Any]:
    """What a signature file says of it, without a filling that is none of the tensor's."""
    if padding_problem(spec) is not None:
        spec = spec.replace(facts=spec.facts.replace(padding=None))
    return {"name": name, **spec.model_dump(mode="json")}


def _changed(random, shape):
    at = random.randint(0, len(shape))
    change = random.choice(("add", "add", "drop", "turn", "resize", "forget"))
    if change == "add" and len(shape) < MAX_RANK:
        return (*shape[:at], size(random), *shape[at:])
    if change == "drop":
        return (*shape[:at], *shape[at + 1 :])
    if change == "turn":
        return tuple(random.sample(shape, len(shape)))
    if change == "resize" and at < len(shape):
        return (*shape[:at], size(random), *shape[at + 1 :])
    return tuple(None if random.random() < 0.4 else one for one in shape)
