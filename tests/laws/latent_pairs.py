"""Pairs made from one latent value: what a producer gives and a consumer wants are two writings of it.

All facts are declared at first, so that they decide each pair fully and a conversion within the policy
exists: a range is covered by the scales, whole numbers are wanted only where there are some, rows
fit. `forget` takes some facts away again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np
from pydantic import ValidationError

from sigcheck.schema.facts import Facts
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor, numpy_dtype

FLOATS = ("float32", "float32", "float64", "float16", "bfloat16")
RANGES = ((0, 1), (0, 255), (-1, 1), (-128, 127), (0, 6), (-32768, 32767), (30000, 110000), (0.5, 1.5))
# Whole numbers that a range is the ends of.
WHOLE = {(0, 255): ("uint8", "int16", "int32"), (-128, 127): ("int8", "int16"), (-32768, 32767): ("int16", "int32")}
LIMITS = {"uint8": (0, 255), "int8": (-128, 127), "int16": (-32768, 32767), "uint16": (0, 65535)}
NAMES = ("batch", "height", "width", "channel", "time", "feature")
IRREVERSIBLE = Policy(loss="irreversible")


@dataclass(frozen=True)
class Pair:
    """Two specs, a tensor of the first, and what kind of pair it is; `is_decided` where all facts are declared."""

    kind: str
    provided: TensorSpec
    required: TensorSpec
    value: Tensor
    policy: Policy = DEFAULT_POLICY
    is_decided: bool = True


def draw(random: Random) -> Pair:
    """A pair of any kind, with all its facts."""
    kinds = (draw_numbers, draw_numbers, draw_numbers, draw_scores, draw_ids, draw_ids, draw_signals, draw_derived)
    if random.random() < 0.1:
        return draw_boxes(random)
    return random.choice(kinds)(random)


def forget(random: Random, pair: Pair) -> Pair:
    """The pair with some facts taken away, on either side."""
    provided, required = (_without_some(random, spec) for spec in (pair.provided, pair.required))
    return replace(pair, provided=provided, required=required, is_decided=False)


def _without_some(random: Random, spec: TensorSpec) -> TensorSpec:
    lost = {name: None for name in spec.facts.known() if random.random() < 0.25}
    if "quantization" in lost:
        # A range is of real values: of the numbers that are left it would not be true.
        lost["range"] = None
    try:
        return spec.replace(facts=spec.facts.replace(**lost))
    except ValidationError:  # a range that only a quantization reaches
        return spec.replace(facts=spec.facts.replace(**lost, range=None))


def draw_numbers(random: Random) -> Pair:
    """Numbers between 0 and 1 over named axes: pictures, signals, features."""
    names = random.sample(NAMES, random.choice((1, 2, 3, 3, 4, 4, 5)))
    if "channel" not in names and random.random() < 0.6:
        names[-1] = "channel"
    sizes = {name: random.choice((1, 2, 3, 3, 4, 5)) for name in names}
    order = None
    if "channel" in sizes and random.random() < 0.6:
        sizes["channel"] = 3
        order = random.random() < 0.5
    latent = np.random.default_rng(random.randrange(2**32)).random([sizes[name] for name in names])
    provided = _encoding(random, sizes, None)
    required = _encoding(random, sizes, provided)
    ours, theirs = _layout(random, names, sizes), _layout(random, names, sizes)
    if order:
        ours, theirs = ({**one, "channel_order": random.choice(("RGB", "BGR"))} for one in (ours, theirs))
    given, value = _written(random, latent, names, provided, ours)
    wanted, _ = _written(random, latent, names, required, theirs)
    # An unknown size on both sides is that of the batch.
    if "batch" in given.facts.axes and "batch" in wanted.facts.axes and random.random() < 0.5:
        given, wanted = (_with_open(spec, "batch") for spec in (given, wanted))
    elif random.random() < 0.2:
        wanted = wanted.replace(shape=tuple(None if random.random() < 0.4 else size for size in wanted.shape))
    return Pair("numbers", given, wanted, value)


def _with_open(spec: TensorSpec, name: str) -> TensorSpec:
    at = spec.facts.axes.index(name)
    stored = spec.facts.quantization
    if stored is not None and stored.axis == at:
        return spec
    return spec.replace(shape=(*spec.shape[:at], None, *spec.shape[at + 1 :]))


def _encoding(random: Random, sizes: dict[str, int], before: dict | None) -> dict:
    """How the latent numbers are written: a range, a normalization, a quantization, a dtype."""
    ends = random.choice(RANGES)
    kinds = ["float", "float", "normalized", "normalized", "stored", "stored", "stored normalized"]
    if before is None:
        kinds += ["whole"] if ends in WHOLE else []
    elif before["kind"] == "whole":
        kinds += ["whole"]
    kind = random.choice(kinds)
    if kind == "whole":
        ends = ends if before is None else before["ends"]
        dtypes = WHOLE[ends]
        return {
            "kind": kind,
            "ends": ends,
            "dtype": random.choice(dtypes if before is None else dtypes[dtypes.index(before["dtype"]) :]),
        }
    written = {"kind": kind, "ends": ends, "dtype": random.choice(FLOATS)}
    if written["dtype"] == "float16" and max(map(abs, ends)) > 65504:
        written["dtype"] = "float32"
    if "normalized" in kind:
        # Numbers of channels have the axis that is named so.
        count = sizes.get("channel", 1) if random.random() < 0.6 else 1
        width = ends[1] - ends[0]
        written["mean"] = [ends[0] + width * random.choice((0, 0.25, 0.485, 0.5)) for _ in range(count)]
        written["std"] = [width * random.choice((0.25, 0.5, 0.229)) for _ in range(count)]
        written["is_own"] = random.random() < 0.7
    if "stored" in kind:
        written["dtype"] = random.choice(("uint8", "int8", "int16"))
        wide = [name for name, size in sizes.items() if size > 1]
        written["axis"] = random.choice(wide) if wide and random.random() < 0.5 else None
        written["scales"] = [random.choice((1, 1.25, 2)) for _ in range(sizes.get(written["axis"], 1))]
    return written


def _layout(random: Random, names: list[str], sizes: dict[str, int]) -> dict:
    """The axes in any order, without some of one entry, and with others."""
    kept = [name for name in names if sizes[name] > 1 or random.random() < 0.6]
    added = [name for name in NAMES if name not in names and random.random() < 0.15]
    order = [*kept, *added][:6]
    random.shuffle(order)
    return {"axes": [name for name in order if name in kept or name in added]}


def _written(random: Random, latent: np.ndarray, names: list[str], encoding: dict, layout: dict):
    """The spec and the tensor of a latent array in this encoding and layout."""
    axes, array = _laid_out(latent, names, layout["axes"])
    facts: dict = {"axes": axes}
    if "channel_order" in layout:
        facts["channel_order"] = layout["channel_order"]
        array = np.flip(array, axes.index("channel")) if layout["channel_order"] == "BGR" else array
    low, high = encoding["ends"]
    real = low + array * (high - low)
    if encoding["kind"] == "whole":
        return _spec(encoding, np.rint(real), {**facts, "range": [low, high]})
    ends = (low, high)
    if "mean" in encoding:
        real, facts["normalization"] = _normalized(real, encoding, facts)
        mean, std = facts["normalization"]["mean"], facts["normalization"]["std"]
        reached = [(end - m) / s for end in ends for m, s in zip(mean, std, strict=True)]
        ends = (min(reached), max(reached))
    if "mean" in encoding and encoding["is_own"]:
        facts["normalization"]["raw_range"] = [low, high]
    else:
        facts["range"] = [low, high]
    return _stored(random, encoding, real, facts, ends) if "scales" in encoding else _spec(encoding, real, facts)


def _laid_out(latent: np.ndarray, names: list[str], axes: list[str]) -> tuple[list[str], np.ndarray]:
    """The array with its axes in this order, without those of one entry that are not in it, and with others."""
    kept = [at for at, name in enumerate(names) if name in axes]
    left = [names[at] for at in kept]
    array = latent.reshape([latent.shape[at] for at in kept])
    array = np.transpose(array, [left.index(name) for name in axes if name in left])
    return axes, np.expand_dims(array, [at for at, name in enumerate(axes) if name not in left])


def _normalized(raw: np.ndarray, encoding: dict, facts: dict) -> tuple[np.ndarray, dict]:
    """The array less its mean and over its deviation; those of colours stand in the order of the colours."""
    turn = -1 if facts.get("channel_order") == "BGR" else 1
    mean, std = encoding["mean"][::turn], encoding["std"][::turn]
    if "channel" not in facts["axes"]:
        mean, std = mean[:1], std[:1]
    shape = [len(mean) if name == "channel" else 1 for name in facts["axes"]]
    return (raw - np.reshape(mean, shape)) / np.reshape(std, shape), {"mean": mean, "std": std}


def _stored(random: Random, encoding: dict, real: np.ndarray, facts: dict, ends: tuple[float, float]):
    """The array as whole numbers, by scales that reach both ends."""
    lowest, highest = LIMITS[encoding["dtype"]]
    axes, axis = facts["axes"], encoding["axis"]
    scales = encoding["scales"] if axis in axes else encoding["scales"][:1]
    scale = [(ends[1] - ends[0]) / (highest - lowest - 2) * factor for factor in scales]
    zero_point = [int(lowest + 1 - np.floor(ends[0] / one)) for one in scale]
    at = axes.index(axis) if len(scale) > 1 else None
    shape = [len(scale) if place == at else 1 for place in range(real.ndim)]
    codes = np.rint(real / np.reshape(scale, shape)) + np.reshape(zero_point, shape)
    numbers = {"scale": scale, "zero_point": zero_point}
    if at is not None:
        numbers["axis"] = at if random.random() < 0.5 else at - len(axes)
    return _spec(encoding, np.clip(codes, lowest, highest), {**facts, "quantization": numbers})


def _spec(encoding: dict, array: np.ndarray, facts: dict):
    value = array.astype(numpy_dtype(encoding["dtype"]))
    spec = TensorSpec(dtype=encoding["dtype"], shape=value.shape, facts=Facts.model_validate(facts))
    return spec, value


def draw_scores(random: Random) -> Pair:
    """Scores of classes, each side in a meaning and an encoding of its own."""
    count, examples = random.choice((1, 2, 3, 5)), random.choice((1, 2, 3))
    drawn = np.random.default_rng(random.randrange(2**32)).uniform(0.1, 0.9, (examples, count))
    latent = drawn if count == 1 else drawn / drawn.sum(axis=1, keepdims=True)
    (provided, value), (required, _) = (_scores(random, latent, is_given=is_given) for is_given in (True, False))
    batch = random.choice((None, examples))
    return Pair("scores", *(one.replace(shape=_opened(one, batch)) for one in (provided, required)), value)


def _opened(spec: TensorSpec, batch: int | None):
    return tuple(batch if name == "batch" else size for name, size in zip(spec.facts.axes, spec.shape, strict=True))


def _scores(random: Random, latent: np.ndarray, *, is_given: bool):
    meaning = random.choice(("logits", "log_probabilities", "probabilities"))
    encoding: dict = {"kind": "float", "dtype": random.choice(("float32", "float64", "float16"))}
    axes = random.choice((["batch", "class"], ["class", "batch"]))
    array = latent if axes[0] == "batch" else latent.T
    facts: dict = {"axes": axes, "meaning": meaning}
    if meaning == "probabilities":
        low, high = random.choice(((0, 1), (0, 1), (0, 255), (0, 100)))
        facts["range"] = [low, high]
        real, ends = low + array * (high - low), (low, high)
        if (low, high) == (0, 255) and is_given and random.random() < 0.5:
            return _spec({"dtype": "uint8"}, np.rint(real), facts)
    else:
        logs = np.log(array)
        real = logs if meaning == "log_probabilities" else logs - (np.log1p(-array) if latent.shape[1] == 1 else 0)
        ends = (-8.0, 8.0)
    if random.random() < 0.25:
        mean, std = random.choice((0.0, 0.5)), random.choice((0.5, 2.0))
        facts["normalization"] = {"mean": mean, "std": std}
        if meaning == "probabilities":
            facts["normalization"]["raw_range"] = facts.pop("range")
        elif not is_given:
            # Of scores without a range there is no raw range to normalize from.
            facts.pop("normalization")
            return _spec(encoding, real, facts)
        return _spec(encoding, (real - mean) / std, facts)
    if random.random() < 0.25:
        return _stored(random, {"dtype": "int16", "axis": None, "scales": [1]}, real, facts, ends)
    return _spec(encoding, real, facts)


def _draw_rows(random: Random, most: int) -> list[list[int]]:
    return [[random.randint(1, most) for _ in range(random.randint(0, 5))] for _ in range(random.randint(1, 4))]


def draw_ids(random: Random) -> Pair:
    """Rows of ids, padded, ragged or sparse, in numbers or in strings."""
    count = random.choice((10, 200, 300, 3000))
    latent = _draw_rows(random, count - 1)
    longest = max(map(len, latent))
    meaning = random.choice(("token_ids", "class_ids"))
    width = longest + random.randint(0, 2)
    provided, value = _rows(random, latent, width, count, meaning)
    required, _ = _rows(random, latent, width + random.choice((0, 0, 1, 3)), count, meaning)
    return Pair("ids", provided, required, value)


def _rows(random: Random, latent: list[list[int]], width: int, count: int, meaning: str):
    kind = random.choice(("dense", "dense", "ragged", "sparse"))
    dtypes = [
        one
        for one, most in (("int32", 2**31), ("int64", 2**63), ("int16", 2**15), ("uint8", 256), ("float32", 2**24))
        if count <= most
    ]
    dtype = random.choice(dtypes)
    if kind == "dense" and random.random() < 0.1:
        dtype = "string"
    facts: dict = {"axes": ["batch", "time"], "meaning": meaning}
    if random.random() < 0.7:
        facts["id_count"] = count
    elif dtype != "string":
        facts["range"] = [0, count - 1]
    flat = [one for row in latent for one in row]
    if kind == "ragged":
        splits = np.concatenate([[0], np.cumsum([len(row) for row in latent])]).astype(np.int64)
        value: Tensor = RaggedArray(_filled(flat, dtype), (splits,))
        spec = TensorSpec(
            kind="ragged", dtype=dtype, shape=(None, None), ragged_rank=1, facts=Facts.model_validate(facts)
        )
        return spec, value
    if kind == "sparse":
        indices = [(row, at) for row, own in enumerate(latent) for at in range(len(own))]
        value = SparseArray(
            np.asarray(indices, np.int64).reshape(-1, 2),
            _filled(flat, dtype),
            np.asarray([len(latent), width], np.int64),
        )
        return TensorSpec(kind="sparse", dtype=dtype, shape=(None, None), facts=Facts.model_validate(facts)), value
    side = random.choice(("post", "post", "pre"))
    filler = "" if dtype == "string" else random.choice((0, 0, -1) if dtype != "uint8" else (0, 0))
    if filler == -1 and facts.pop("range", None):
        # A range down to the filling would let ids below 0 into a row, which a table has no row for.
        facts["id_count"] = count
    table = [
        own + [None] * (width - len(own)) if side == "post" else [None] * (width - len(own)) + own for own in latent
    ]
    value = _filled([filler if one is None else one for own in table for one in own], dtype).reshape(len(latent), width)
    facts["padding"] = {"value": filler, "side": side}
    shape = (None, random.choice((width, width, width, None)))
    return TensorSpec(dtype=dtype, shape=shape, facts=Facts.model_validate(facts)), value


def draw_signals(random: Random) -> Pair:
    """Rows of numbers, each side in an encoding of its own and in rows that are padded, ragged or sparse."""
    latent = [[random.uniform(0.05, 0.95) for _ in row] for row in _draw_rows(random, 9)]
    width = max(map(len, latent)) + random.randint(0, 2)
    provided, value = _signals(random, latent, width)
    while True:
        required, _ = _signals(random, latent, width + random.choice((0, 0, 1)))
        # Of a gap between written numbers it is not said what it is in another encoding.
        if provided.kind != "sparse" or required.kind != "sparse":
            return Pair("signals", provided, required, value)


def draw_sequences(random: Random) -> Pair:
    """Rows of entries of a few numbers each, as vectors of a sequence are, padded or ragged; no part of `draw`."""
    size = random.choice((1, 2, 3, 4))
    lengths = [random.randint(0, 5) for _ in range(random.randint(1, 4))]
    latent = [[random.uniform(0.05, 0.95) for _ in range(length * size)] for length in lengths]
    width = max(lengths) + random.randint(0, 2)
    provided, value = _signals(random, latent, width, size)
    required, _ = _signals(random, latent, width + random.choice((0, 0, 1)), size)
    return Pair("signals", provided, required, value)


def _signals(random: Random, latent: list[list[float]], width: int, size: int | None = None):
    """Rows of single numbers, or of entries of `size` numbers."""
    entry = () if size is None else (size,)
    encoding = _encoding(random, {}, None)
    while encoding["kind"] == "whole":
        encoding = _encoding(random, {}, None)
    flat = np.asarray([number for row in latent for number in row])
    facts: dict = {"axes": ["time"]}
    low, high = encoding["ends"]
    real, ends = low + flat * (high - low), (low, high)
    if "mean" in encoding:
        real, facts["normalization"] = _normalized(real, encoding, facts)
        mean, std = facts["normalization"]["mean"][0], facts["normalization"]["std"][0]
        ends = ((low - mean) / std, (high - mean) / std)
        facts["normalization"]["raw_range"] = [low, high]
    else:
        facts["range"] = [low, high]
    is_stored = "scales" in encoding
    made, written = _stored(random, encoding, real, facts, ends) if is_stored else _spec(encoding, real, facts)
    written = written.reshape(-1, *entry)
    starts = np.concatenate([[0], np.cumsum([len(row) // (size or 1) for row in latent])]).astype(np.int64)
    facts = {**made.facts.model_dump(), "axes": ["batch", "time", *(["feature"] if entry else [])]}
    kind = random.choice(("dense", "dense", "dense", "ragged", "ragged" if entry else "sparse"))
    if kind == "ragged":
        shape = {"kind": "ragged", "shape": (None, None, *entry), "ragged_rank": 1}
        return TensorSpec(dtype=made.dtype, facts=Facts.model_validate(facts), **shape), RaggedArray(written, (starts,))
    if kind == "sparse":
        indices = [(row, at) for row, own in enumerate(latent) for at in range(len(own))]
        sizes = np.asarray([len(latent), width], np.int64)
        value = SparseArray(np.asarray(indices, np.int64).reshape(-1, 2), written, sizes)
        return TensorSpec(kind="sparse", dtype=made.dtype, shape=(None, None), facts=Facts.model_validate(facts)), value
    side = random.choice(("post", "post", "pre"))
    lowest, _ = LIMITS.get(made.dtype, (0, 0))
    # What no value is written as: no stored number, and no real one inside the range.
    is_narrow = made.dtype in {"float16", "bfloat16"}
    filler = (
        lowest if made.dtype in LIMITS else 0 if is_narrow else random.choice((0, float(round(2 * ends[0] - ends[1]))))
    )
    table = np.full((len(latent), width, *entry), filler, written.dtype)
    for row, (start, stop) in enumerate(pairwise(starts)):
        own = slice(0, stop - start) if side == "post" else slice(width - (stop - start), width)
        table[row][own] = written[start:stop]
    facts["padding"] = {"value": filler, "side": side}
    return TensorSpec(dtype=made.dtype, shape=(None, width, *entry), facts=Facts.model_validate(facts)), table


def _filled(numbers: list, dtype: str) -> np.ndarray:
    if dtype == "string":
        array = np.empty(len(numbers), object)
        array[:] = [b"" if one == "" else b"%d" % one for one in numbers]
        return array
    return np.asarray(numbers, np.int64).astype(dtype)


def draw_derived(random: Random) -> Pair:
    """Lengths and masks of rows, which lose the values and are asked for by policy."""
    latent = _draw_rows(random, 9)
    # What the rows may be filled with stands inside of some too.
    latent = [
        [0 if 0 < at < len(row) - 1 and random.random() < 0.3 else one for at, one in enumerate(row)] for row in latent
    ]
    width = max(1, *map(len, latent))
    while True:
        provided, value = _rows(random, latent, width, 10, "token_ids")
        if provided.kind != "sparse" and provided.dtype != "string":
            break
    if random.random() < 0.5:
        wanted = TensorSpec(
            dtype=random.choice(("int32", "int64", "float32")),
            shape=(None,),
            facts=Facts(meaning="lengths", axes=("batch",)),
        )
        return Pair("lengths", provided, wanted, value, IRREVERSIBLE)
    facts = Facts(meaning="mask", axes=("batch", "time"))
    size = width if provided.kind == "ragged" else provided.shape[1]
    return Pair(
        "mask",
        provided,
        TensorSpec(dtype=random.choice(("int32", "bool", "float32")), shape=(None, size), facts=facts),
        value,
        IRREVERSIBLE,
    )


IMAGES = ((480, 640), (100, 200), (300, 300))
# In the order of each, from the corners.
BOXES = {
    "yxyx": lambda top, left, bottom, right: (top, left, bottom, right),
    "xyxy": lambda top, left, bottom, right: (left, top, right, bottom),
    "xywh": lambda top, left, bottom, right: (left, top, right - left, bottom - top),
    "cxcywh": lambda top, left, bottom, right: (
        (left + right) / 2, (top + bottom) / 2, right - left, bottom - top,
    ),
}  # fmt: skip


def draw_boxes(random: Random) -> Pair:
    """Boxes, each side in a format of its own: another order, pixels or shares, stored or real."""
    generator = np.random.default_rng(random.randrange(2**32))
    count, many = random.choice((1, 2, 3)), random.choice((1, 4, 5))
    low = generator.uniform(0, 0.5, (count, many, 2))
    corners = np.concatenate([low, low + generator.uniform(0.01, 0.5, low.shape)], axis=-1)
    (provided, value), (required, _) = (_boxes(random, corners, is_given=is_given) for is_given in (True, False))
    return Pair("boxes", provided, required, value)


def _boxes(random: Random, corners: np.ndarray, *, is_given: bool):
    order, unit = random.choice((*BOXES,)), random.choice(("normalized", "pixels"))
    size = random.choice(IMAGES)
    height, width = size if unit == "pixels" else (1, 1)
    top, left, bottom, right = np.moveaxis(corners * [height, width, height, width], -1, 0)
    array = np.stack(BOXES[order](top, left, bottom, right), axis=-1)
    axes = random.choice((["batch", "box", "coordinate"], ["box", "batch", "coordinate"]))
    array = array if axes[0] == "batch" else np.swapaxes(array, 0, 1)
    facts = {"axes": axes, "boxes": {"order": order, "unit": unit, **({"size": size} if unit == "pixels" else {})}}
    dtype = random.choice(("float32", "float32", "float64", "float16"))
    if is_given and random.random() < 0.3:
        return _stored(random, {"dtype": "int16", "axis": None, "scales": [1]}, array, facts, (-1.0, 641.0))
    return _spec({"dtype": dtype}, array, facts)


def draw_several(random: Random) -> list[Pair]:
    """Pairs whose outputs and inputs are those of one producer and one consumer."""
    return [random.choice((draw_numbers, draw_scores, draw_ids))(random) for _ in range(random.choice((2, 2, 3)))]
