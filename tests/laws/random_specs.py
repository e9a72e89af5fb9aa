"""Random specs, pairs of them, policies and chains of steps.

Sizes are few and small, so that pairs often nearly fit: what is far apart teaches nothing.
Everything is drawn from a `Random`, so that one number stands for one example.
"""

from __future__ import annotations

from math import prod
from random import Random

from sigcheck.planning.goal import is_wanted, offered
from sigcheck.schema.dtype import DTYPES, DType
from sigcheck.schema.facts import Facts, Normalization, Padding, Quantization
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_PERMISSION

COMMON_DTYPES = ("float32", "int32", "uint8", "float16", "int64", "string", "bool", "float64")
RARE_DTYPES = ("bfloat16", "int8", "uint16", "uint32", "uint64", "int16", "complex64")
SIZES = (None, None, 1, 2, 3, 4, 6, 8, 12, 0)
AXES = ("batch", "height", "width", "channel", "time")
RANGES = ((0.0, 255.0), (0.0, 1.0), (-1.0, 1.0), (0.0, 100.0))
MEANINGS = ("logits", "log_probabilities", "probabilities", "class_ids", "token_ids", "pixels", "embedding", "mask")
TEXTS = ("bytes", "base64", "base64_url", "encoded_image", "encoded_image")
KINDS = ("dense",) * 6 + ("ragged", "ragged", "sparse")
FACTS = ("axes", "range", "range", "meaning", "id_count", "normalization", "quantization", "padding", "channel_order")
MOST_STEPS = 5


def draw_dtype(random: Random) -> str:
    return random.choice(COMMON_DTYPES if random.random() < 0.7 else RARE_DTYPES)


def draw_shape(random: Random) -> tuple[int | None, ...]:
    return tuple(random.choice(SIZES) for _ in range(random.randint(0, 4)))


def draw_facts(random: Random, dtype: str, rank: int | None) -> Facts:
    """Up to three facts that a spec of this dtype and rank can have."""
    drawn = {}
    for name in random.choices(FACTS, k=random.randint(0, 3)):
        value = _draw_fact(random, name, DTYPES[dtype], rank)
        if value is not None:
            drawn[name] = value
    stored, ends = drawn.get("quantization"), drawn.get("range")
    # A range is of real values, and of none that no code stands for.
    if stored is not None and ends is not None and not _is_reached(stored, DTYPES[dtype], ends):
        del drawn["range"]
    return Facts(**drawn)


def _is_reached(stored: Quantization, dtype: DType, ends: tuple[float, float]) -> bool:
    (scale,), (zero,) = stored.scale, stored.zero_point
    return scale * (dtype.lowest - zero) <= ends[0] and ends[1] <= scale * (dtype.highest - zero)


def _draw_fact(random: Random, name: str, dtype: DType, rank: int | None) -> object:
    """The value of one fact, or None where a spec of this dtype and rank cannot have it."""
    if name == "axes":
        return None if rank is None or rank > len(AXES) else tuple(random.sample(AXES, rank))
    if name == "padding":
        value = random.choice(("", "x")) if dtype.kind == "string" else random.choice((0, 1))
        return Padding(value=value, side=random.choice(("post", "pre")))
    if name == "meaning":
        return random.choice(TEXTS if dtype.kind == "string" and random.random() < 0.8 else MEANINGS)
    if name == "channel_order":
        return random.choice(("RGB", "BGR", "GRAY", "RGBA"))
    return _draw_numeric_fact(random, name, dtype)


def _draw_numeric_fact(random: Random, name: str, dtype: DType) -> object:
    if name == "range" and dtype.kind in {"float", "int", "uint"}:
        low, high = random.choice(RANGES)
        return (low, high) if dtype.lowest <= low and high <= dtype.highest else None
    if name == "id_count" and dtype.kind in {"int", "uint"}:
        return random.choice((2, 10, 100, 300))
    if name == "quantization" and dtype.name in {"uint8", "int8"}:
        return Quantization(scale=random.choice((0.5, 0.0078)), zero_point=random.choice((0, 5)))
    if name == "normalization" and dtype.kind == "float":
        count = random.choice((1, 1, 3))
        mean, std = (random.choice((0.0, 0.5, 127.5)),) * count, (random.choice((0.5, 58.0)),) * count
        return Normalization(mean=mean, std=std, raw_range=random.choice((None, *RANGES[:2])))
    return None


def draw_spec(random: Random) -> TensorSpec:
    return _spec(random, random.choice(KINDS), draw_dtype(random), draw_shape(random))


def _spec(random: Random, kind: str, dtype: str, shape: tuple[int | None, ...] | None) -> TensorSpec:
    """The spec of this kind, where it can be of that kind; else a dense one."""
    extra = {}
    if kind == "dense" and random.random() < 0.05:
        shape = None
    elif kind == "ragged" and len(shape) > 1:
        extra = {"ragged_rank": random.randint(1, len(shape) - 1)}
        shape = (shape[0], *(None,) * extra["ragged_rank"], *shape[1 + extra["ragged_rank"] :])
    elif kind == "ragged" or (kind == "sparse" and not shape):
        kind = "dense"
    rank = None if shape is None else len(shape)
    facts = draw_facts(random, dtype, rank) if random.random() < 0.6 else Facts()
    return TensorSpec(kind=kind, dtype=dtype, shape=shape, facts=facts, **extra)


def draw_pair(random: Random) -> tuple[TensorSpec, TensorSpec]:
    """A provided and a required spec. The second is mostly what some changes make of the first."""
    if random.random() < 0.06:
        return random.choice((draw_pictures, draw_pictures, draw_files))(random)
    provided = draw_spec(random)
    if random.random() < 0.1:
        return provided, draw_spec(random)
    shape = provided.shape if provided.shape is not None else draw_shape(random)
    for change in random.choices(CHANGES, k=random.randint(0, 3)):
        shape = change(random, shape)
    dtype = provided.dtype if random.random() < 0.6 else draw_dtype(random)
    kind = provided.kind if random.random() < 0.6 else random.choice(KINDS)
    return provided, _spec(random, kind, dtype, shape[:6])


def draw_pictures(random: Random) -> tuple[TensorSpec, TensorSpec]:
    """Strings that stand for pictures, as they are or as base64, and the pixels or strings of a consumer."""
    batch = random.choice(((), (None,), (None,), (2,), (None, 1), (1,)))
    order = random.choice((None, None, "RGB", "RGB", "RGBA", "GRAY", "BGR"))
    meaning = random.choice(TEXTS)
    files = TensorSpec(dtype="string", shape=batch, facts=Facts(meaning=meaning, channel_order=order))
    if random.random() < 0.3:
        return files, files.replace(facts=Facts(meaning=random.choice((None, *TEXTS))))
    side, count = random.choice((None, 4, 6)), random.choice((1, 3, 3, 3, 4, None))
    pixels = (side, side, count) if random.random() < 0.8 else (count, side, side)
    shape = random.choice((batch, batch, batch[:1], (None,))) + pixels
    dtype = random.choice(("uint8", "uint8", "float32", "float32", "float16", "int32"))
    drawn = draw_facts(random, dtype, len(shape)) if random.random() < 0.5 else Facts()
    return files, TensorSpec(dtype=dtype, shape=shape, facts=drawn)


def draw_files(random: Random) -> tuple[TensorSpec, TensorSpec]:
    """Strings that hold sound, lines of numbers or tensors, and the numbers that they are of; or the reverse."""
    batch = random.choice(((), (None,), (None,), (2,), (None, 1)))
    meaning = random.choice(HELD)
    strings = TensorSpec(dtype="string", shape=batch, facts=Facts(meaning=meaning))
    inner = tuple(random.choice((None, 1, 2, 3, 9)) for _ in range(random.choice((0, 1, 1, 2, 2, 3))))
    dtype = random.choice(("float32", "float32", "float64", "int32", "int64", "uint8", "bool"))
    numbers = TensorSpec(dtype=dtype, shape=random.choice((batch, batch, (None,))) + inner)
    if dtype == "uint8" and random.random() < 0.5:
        pixels = numbers.replace(shape=(*batch, 4, 5, random.choice((1, 3, 4))), facts=Facts(meaning="pixels"))
        return pixels, strings.replace(facts=Facts(meaning="encoded_image"))
    return (numbers, strings) if random.random() < 0.3 else (strings, numbers)


HELD = ("wav", "csv", "serialized_tensor", "raw_int16", "raw_float32_be")


def insert_one(random, shape):
    at = random.randint(0, len(shape))
    return (*shape[:at], random.choice((1, 1, None, 3)), *shape[at:])


def remove_one(random, shape):
    at = random.randint(0, len(shape))
    return (*shape[:at], *shape[at + 1 :])


def permute_all(random, shape):
    return tuple(random.sample(shape, len(shape)))


def merge_some(random, shape):
    if len(shape) < 2:
        return shape
    at = random.randint(0, len(shape) - 2)
    parts = shape[at : at + 2]
    return (*shape[:at], None if None in parts else prod(parts), *shape[at + 2 :])


def split_one(random, shape):
    for at, size in enumerate(shape):
        if size is not None and size > 3:
            factor = 2 if size % 2 == 0 else size
            return (*shape[:at], factor, size // factor, *shape[at + 1 :])
    return shape


def resize_one(random, shape):
    if not shape:
        return shape
    at = random.randint(0, len(shape) - 1)
    return (*shape[:at], random.choice(SIZES), *shape[at + 1 :])


def forget_some(random, shape):
    return tuple(None if random.random() < 0.4 else size for size in shape)


CHANGES = (insert_one, remove_one, permute_all, merge_some, split_one, resize_one, forget_some)


def draw_policy(random: Random) -> Policy:
    return Policy(
        loss=random.choice(("exact", "rounding", "rounding", "truncating", "irreversible")),
        assume=random.choice(("explained", "explained", "warn", "error")),
        guard=random.random() < 0.8,
        deny=random.choice(((), (), ("cast",), ("transpose",), ("pad",), ("ensure_shape",), ("reshape",))),
        allow=random.choice(((), (), *((name,) for name in BY_PERMISSION))),
        pad_value=random.choice((None, None, None, None, 0, 1, -1.5, "x")),
        pad_side=random.choice((None, None, "post", "pre")),
    )


def draw_chain(random: Random, provided: TensorSpec, required: TensorSpec, policy: Policy) -> Plan:
    """Up to five steps, each one that some transform proposes toward the required spec."""
    spec, steps = provided, []
    for _ in range(random.randint(1, MOST_STEPS)):
        proposed = [
            step
            for transform in offered(policy)
            for step in transform.propose(spec, required)
            if is_wanted(step, policy)
        ]
        if not proposed:
            break
        steps.append(random.choice(proposed))
        spec = steps[-1].result
    return Plan(steps=tuple(steps))
