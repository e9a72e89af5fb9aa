"""Of numbers at the ends of what floats have a search says what it found, too: none of them ends it."""

from __future__ import annotations

from pydantic import ValidationError

from sigcheck.planning.matching import feed
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from tests.laws.law import hold

RANGES = (None, (0, 1), (0, 255), (-1e-300, 1e-300), (0, 5e-324), (-1.7e308, 1.7e308), (1e30, 1e31), (0, 1e-40))
MEANS = (0.0, 0.5, 1e8, 1e308, 5e-324)
STDS = (1.0, 0.229, 1e-37, 1e300)
SCALES = (1.0, 0.1, 1e-30, 1e30)
FILLERS = (0, 1, -1, 0.1, 1e-300, 5e-324, 1e300, -1.7e308, 10**30, 2**-149, 65504, 255, True, "nan", "")
AXES = (None, None, ("batch", "time"), ("time", "batch"), ("batch", "feature", "time"), ("time", "batch", "x"))
DTYPES = ("float32", "float64", "float16", "bfloat16", "uint8", "int8", "int32", "int64", "bool", "string", "complex64")


def drawn_facts(random, axes, dtype):
    facts = {"axes": axes, "range": random.choice(RANGES)}
    if random.random() < 0.4:
        facts["normalization"] = {"mean": [random.choice(MEANS)], "std": [random.choice(STDS)]}
        if random.random() < 0.5:
            facts["normalization"]["raw_range"], facts["range"] = facts["range"], None
    if "int" in dtype and random.random() < 0.5:
        facts["quantization"] = {"scale": [random.choice(SCALES)], "zero_point": [random.choice((0, 5, 127))]}
    if random.random() < 0.7:
        facts["padding"] = {"value": random.choice(FILLERS), "side": random.choice(("post", "pre"))}
    return Facts.model_validate(facts)


def draw(random):
    """A spec with such facts: few of those that are drawn are any that can be declared."""
    while True:
        axes, dtype = random.choice(AXES), random.choice(DTYPES)
        rank = len(axes) if axes else random.choice((1, 2, 3))
        sizes = [random.choice(("?", "3", "4")) for _ in range(rank)]
        text = f"{dtype}[{', '.join(sizes)}]"
        if rank > 1 and random.random() < 0.3:
            text = f"ragged {dtype}[?, None{', 3' * (rank - 2)}]"
        try:
            return parse_spec(text).replace(facts=drawn_facts(random, axes, dtype))
        except ValidationError:
            continue


def test_no_number_ends_a_search():
    def law(random):
        given, wanted = (Endpoint(name="x", spec=draw(random)) for _ in range(2))
        (binding,) = feed([given], [wanted]).bindings
        assert binding.verdict != "fits" or not binding.steps

    hold(law, usual=300, full=10_000)
