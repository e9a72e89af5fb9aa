"""Rows keep their lengths: no value is taken for what fills rows, however near it lies, and no filling for a value."""

from __future__ import annotations

from collections import Counter

import numpy as np
from pydantic import ValidationError

from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.dtype import DTYPES as DTYPE
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import value_range
from sigcheck.transforms.parts.array import RaggedArray, numpy_dtype
from tests.laws.latent_pairs import RANGES
from tests.laws.law import hold

SIZE = 4
AXES = (("batch", "time"), ("batch", "time"), None, ("time", "batch"), ("batch", "time", "feature"))
DTYPES = ("float32", "float32", "float64", "float16")
FREE = Policy(guard=False)


def written(random, axes):
    """Facts of numbers that a range, or a normalization of it, is the encoding of."""
    low, high = random.choice(RANGES)
    facts = {"axes": axes, "range": (low, high)}
    if random.random() < 0.5:
        width = high - low
        mean, std = random.choice((low, low + width / 2, 0.485 * width)), random.choice((0.25, 0.5, 0.229)) * width
        facts = {"axes": axes, "normalization": {"mean": [mean], "std": [std], "raw_range": (low, high)}}
    return facts


def line(facts):
    """Factor and shift that lead from a share of the raw range to what is written."""
    numbers = facts.get("normalization")
    low, high = facts["range"] if numbers is None else numbers["raw_range"]
    (mean,), (std,) = ((0,), (1,)) if numbers is None else (numbers["mean"], numbers["std"])
    return (high - low) / std, (low - mean) / std


def near(random, value):
    """A number that is nearly the value."""
    return value + random.choice((-1, 1)) * random.choice((1e-9, 1e-6, 1e-4, 1e-2)) * max(abs(value), 1)


def draw(random):
    axes = random.choice(AXES)
    ours, theirs = (written(random, axes) for _ in range(2))
    (a, b), (c, d) = line(ours), line(theirs)
    filler = random.choice((0, 0, 0, round(b), round(a + b), round(b - a), round(2 * a + b)))

    def convert(value):
        return (value - b) / a * c + d

    turned = convert(filler)
    other = random.choice((0, -1, round(d), round(d - c), round(turned), round(near(random, turned))))
    sides = [random.choice(("post", "post", "pre"))] * 2
    if axes is not None and axes[0] == "batch" and random.random() < 0.3:
        sides[1] = "pre"
    entry = (1,) if axes == AXES[-1] else ()
    specs = []
    for facts, value, side in zip((ours, theirs), (filler, other), sides, strict=True):
        # A number that few types have is no filling of all of them.
        dtype = random.choice(DTYPES if abs(value) <= 2**11 else DTYPES[:3])
        kept = Facts.model_validate({**facts, "padding": Padding(value=value, side=side)})
        rows = (None, SIZE) if axes is None or axes[0] == "batch" else (SIZE, None)
        specs.append(TensorSpec(dtype=dtype, shape=(*rows, *entry), facts=kept))
    return specs, filler, convert, (c, d)


def lengths(spec, value):
    if isinstance(value, RaggedArray):
        return np.diff(value.row_splits[0]).tolist()
    padding, found = spec.facts.padding, np.asarray(value)
    found = found.T if spec.facts.axes == ("time", "batch") else found
    is_value = (found != np.asarray(padding.value, found.dtype)).reshape(len(found), SIZE)
    is_value = is_value if padding.side == "post" else is_value[:, ::-1]
    return [int(np.max(np.flatnonzero(row), initial=-1)) + 1 for row in is_value]


def is_mistaken(required, converted, turned, ends):
    """Whether a value becomes what the consumer fills with, to within rounding: to it, it is that."""
    slack = 64 * 2.0 ** -min(24, DTYPE[required.dtype].digits) * (sum(map(abs, ends)) + abs(turned))
    return (np.abs(converted - required.facts.padding.value) <= slack).any()


def test_no_value_is_taken_for_what_fills_its_row():
    seen: Counter[str] = Counter()

    def law(random):
        try:
            drawn = draw(random)
        except ValidationError:
            # A type that has not all of these values.
            return
        (provided, required), filler, convert, ends = drawn
        turned = convert(filler)
        outcome = search(provided, required, FREE)
        seen[f"{provided.facts.axes and provided.facts.axes[0]}: {outcome.verdict}"] += 1
        if outcome.plan is None:
            # Rows along the first axis are freed of nothing.
            assert provided.facts.axes == ("time", "batch"), f"{provided} {provided.facts} {required} {required.facts}"
            return
        told, (low, high) = provided.facts.padding, value_range(provided.facts)
        value = np.full((SIZE, SIZE), filler, numpy_dtype(provided.dtype))
        for length in range(1, SIZE):
            for at in range(length):
                # What values lie between is declared.
                place = (length, at if told.side == "post" else SIZE - 1 - at)
                value[place] = min(max(near(random, filler), low), high)
                if value[place] == filler:
                    value[place] = low if filler == high else high
        value = value.T if provided.facts.axes == ("time", "batch") else value.reshape(SIZE, *provided.shape[1:])
        made = run(provided, outcome.plan, value)
        before, after = lengths(provided, value), lengths(required, made)
        if before != after:
            assert is_mistaken(required, convert(value[value != filler].astype(np.float64)), turned, ends), (
                f"{provided} {provided.facts} {required} {required.facts} {outcome.plan} {value} {made}"
            )

    hold(law, usual=150, full=10_000)
    assert seen["batch: adapts"]
