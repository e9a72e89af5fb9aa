"""Between which ends values lie is one thing, said of them or of what they were before they were normalized.

A range beside a normalization is of raw values, a raw range too: a plan loses as much as where the ends of the values
themselves are declared, and no more or less.
"""

from __future__ import annotations

from collections import Counter

from pydantic import ValidationError

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Normalization, Quantization
from sigcheck.schema.policy import Policy
from sigcheck.schema.stored_values import held_values
from sigcheck.schema.tensor_spec import TensorSpec
from tests.laws.law import hold

FLOATS, WHOLE = ("float16", "bfloat16", "float32", "float64"), ("int8", "uint8", "int16", "uint16", "int32")
ENDS = ((0, 1), (0, 127), (0, 255), (-128, 127), (30000, 110000), (0, 1_000_000))
MEANS, STDS = (0.0, 0.5, 127.5, 30000.0), (1e-6, 1 / 256, 0.25, 1.0, 127.5, 40000.0)
ANY_LOSS = Policy(loss="truncating")


def draw_numbers(random, dtype):
    """Scale and zero point of whole numbers: normalized without one they are what nobody said."""
    if dtype in FLOATS:
        return None
    return Quantization(scale=random.choice((1 / 256, 1 / 127, 0.5, 1.0, 100.0)), zero_point=random.choice((0, 10)))


def losses(provided, required):
    outcome = search(provided, required, ANY_LOSS)
    return outcome.verdict, None if outcome.plan is None else outcome.plan.cost.meaning


def test_ends_of_normalized_values_are_those_of_the_values():
    seen: Counter[str] = Counter()

    def law(random):
        raw, mean, std = random.choice(ENDS), random.choice(MEANS), random.choice(STDS)
        ends = tuple(sorted((end - mean) / std for end in raw))
        meaning = random.choice((None, None, "pixels"))
        dtypes = [random.choice(FLOATS + WHOLE) for _ in range(2)]
        if meaning == "pixels" and dtypes[1] in WHOLE and not all(end.is_integer() for end in ends):
            # Rounded, pixels go beyond ends that no whole number has.
            meaning = None
        stored = [draw_numbers(random, dtype) for dtype in dtypes]
        ways = (
            {"range": ends},
            {"range": raw, "normalization": Normalization(mean=mean, std=std)},
            {"range": ends, "normalization": Normalization(mean=mean, std=std, raw_range=raw)},
        )
        try:
            pairs = [
                [
                    TensorSpec(dtype=dtype, shape=(None, 4), facts=Facts(meaning=meaning, quantization=numbers, **way))
                    for dtype, numbers in zip(dtypes, stored, strict=True)
                ]
                for way in ways
            ]
        except ValidationError:
            # The values do not lie in such a type, or its numbers stand for none of them.
            return
        if any(held_values(spec) != spec.facts.range for spec in pairs[0]):
            # Nor do all of them in one whose calibration stops short.
            return
        answers = [losses(*pair) for pair in pairs]
        seen[answers[0][0]] += 1
        assert answers == answers[:1] * 3, f"{[str(one) for one in pairs[0]]} {stored} {ways}: {answers}"

    hold(law, usual=300, full=20_000)
    assert {"adapts", "fits"} <= seen.keys()


def test_a_raw_range_alone_says_them_of_floats():
    def law(random):
        raw, mean, std = random.choice(ENDS), random.choice(MEANS), random.choice(STDS)
        dtypes = [random.choice(FLOATS) for _ in range(2)]
        ways = (
            Facts(range=raw, normalization=Normalization(mean=mean, std=std)),
            Facts(normalization=Normalization(mean=mean, std=std, raw_range=raw)),
        )
        answers = [losses(*(TensorSpec(dtype=dtype, shape=(None,), facts=facts) for dtype in dtypes)) for facts in ways]
        assert answers[0] == answers[1], f"{dtypes} {ways}: {answers}"

    hold(law, usual=100, full=5_000)
