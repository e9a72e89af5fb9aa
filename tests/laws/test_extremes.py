"""Of whatever can be declared a check says what it found: no number at the ends of what floats have, and no spec that
a file may hold, ends it.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from pydantic import ValidationError

from sigcheck.api import check
from sigcheck.planning import explained
from sigcheck.planning.matching import feed
from sigcheck.reports import FORMATS
from sigcheck.schema.cost import LOSSES
from sigcheck.schema.errors import SigcheckError, UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.junction import Junction
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.shape import MAX_SIZE
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME, BY_PERMISSION, CATALOG
from sigcheck.verification.job import Job
from tests.laws import wide_specs
from tests.laws.law import hold
from tests.laws.test_junctions import draw_fan

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


def policy(random):
    """Any policy: what it says fits no pair in particular."""
    names = [*BY_NAME]
    return Policy(
        loss=random.choice(LOSSES),
        assume=random.choice(("explained", "warn", "error")),
        guard=random.random() < 0.8,
        deny=tuple(random.sample(names, random.choice((0, 0, 1, 5)))),
        allow=tuple(random.sample(names, random.choice((0, 0, 3)))) + random.choice(((), (), BY_PERMISSION)),
        pad_value=random.choice((None, None, *wide_specs.FILLERS, *wide_specs.TEXTS)),
        pad_side=random.choice((None, "post", "pre")),
        trust=random.choice(((), ("observed",))),
        max_length=random.choice((None, None, None, 1, 7, MAX_SIZE)),
        losses=random.choice(({}, {"x0": "irreversible"})),
    )


def test_no_spec_makes_a_transform_raise():
    """Each gives steps, or none: a result that no tensor is of, or an argument that JSON has otherwise, is neither."""

    def law(random):
        provided, required = wide_specs.draw_pair(random)
        for transform in CATALOG:
            for step in transform.propose(provided, required):
                told = step.result.model_dump_json()
                assert TensorSpec.model_validate_json(told).model_dump_json() == told, f"{step} of {provided}"
                written = step.model_dump_json(exclude={"cost"})
                assert Step.model_validate_json(written).arguments == unwritten(step.arguments), f"{step} of {provided}"
                transform.emit(provided, step, "x")
            if hasattr(transform, "leaves_out"):
                transform.leaves_out(provided, required)

    hold(law, usual=300, full=50_000)


def unwritten(arguments):
    """The arguments as JSON has them, which has no word for NaN."""
    return {name: None if value != value else value for name, value in arguments.items()}  # noqa: PLR0124  # NaN


def test_no_spec_ends_a_search():
    def law(random):
        explained.search(*wide_specs.draw_pair(random), policy(random))

    hold(law, usual=120, full=50_000)


def test_no_signature_makes_a_check_raise(tmp_path):
    """What is asked is answered in every format, or refused in one line."""

    def law(random):
        sides = {"producer": "outputs", "consumer": "inputs"}
        pairs = [wide_specs.draw_pair(random) for _ in range(random.choice((1, 1, 2, 3)))]
        for place, (side, ends) in enumerate(sides.items()):
            written = [wide_specs.endpoint(f"{'ox'[place]}{at}", pair[place]) for at, pair in enumerate(pairs)]
            (tmp_path / f"{side}.json").write_text(json.dumps({ends: written}))
        names = {f"o{at}": f"x{at}" for at in range(len(pairs))}
        asked = {"bind": random.choice((None, names)), "policy": policy(random), "map": random.random() < 0.1}
        side, place = random.choice([*enumerate(sides)])[::-1]
        fact, spec = random.choice([*wide_specs.FACTS]), pairs[0][place]
        asked["facts"] = {side: {f"{'ox'[place]}0": {fact: wide_specs.FACTS[fact](random, spec)}}}
        if random.random() < 0.7:
            del asked["facts"]
        try:
            report = check(*(str(tmp_path / f"{side}.json") for side in sides), verify="typed", **asked)
        except SigcheckError:
            return
        for told in FORMATS:
            assert FORMATS[told].render_check(report.result).encode()
        if report.adapter is not None:
            compile(report.adapter.source, "<adapter>", "exec")
            with suppress(UsageError):
                compile(report.adapter.to_numpy().source, "<adapter>", "exec")
            job = Job(source="", provided=report.draft.outputs, required=report.draft.inputs, bindings=report.bindings)
            assert Job.model_validate(json.loads(json.dumps(job.to_dict()))).bindings

    hold(law, usual=40, full=20_000)


def test_no_junction_makes_a_binding_raise():
    def law(random):
        parts, wanted, kind, axis = draw_fan(random)
        sides = [[wide_specs.varied(random, spec) for spec in side] for side in (parts, wanted)]
        outputs, inputs = (
            [Endpoint(name=f"{letter}{at}", spec=spec) for at, spec in enumerate(side)]
            for letter, side in zip("ax", sides, strict=True)
        )
        names, given = [one.name for one in inputs], tuple(one.name for one in outputs)
        told = dict.fromkeys(given, names)
        if random.random() < 0.5:
            told = {str(Junction(kind=kind, outputs=given, axis=axis)): names}
        with suppress(UsageError):
            match = feed(outputs, inputs, told, policy(random))
            assert len(match.bindings) + len(match.unjoined) + len(match.missing) > 0

    hold(law, usual=80, full=20_000)


OF_ROWS = {"scale": (0.1, 0.2, 0.3), "zero_point": (0, 0, 0), "axis": 2}
# Pairs that ended a search, or made it take minutes.
FOUND = {
    "scales along rows that are merged": (
        ("ragged int8[?, None, None, 3]", {"quantization": OF_ROWS}),
        ("int8[?, 3]", {}),
    ),
    "zero points that make one line of several": (
        ("uint8[3]", {"quantization": {"scale": (1.0, 1.0, 1.0), "zero_point": (-128, 0, 128), "axis": 0}}),
        ("int32[3]", {"quantization": {"scale": (0.5, 0.5, 0.5), "zero_point": (-256, 0, 256), "axis": 0}}),
    ),
    "steps of which no float has so many": (
        ("int32[?]", {"quantization": {"scale": 9e15, "zero_point": 5}}),
        ("int32[?]", {"quantization": {"scale": 1e-300, "zero_point": 0}}),
    ),
    "scales of as many entries as the other side has not": (
        ("int8[?, ?]", {"quantization": {"scale": (0.1, 0.2), "zero_point": (0, 0), "axis": 1}}),
        ("int8[?, ?]", {"quantization": {"scale": (0.1, 0.2, 0.3), "zero_point": (0, 0, 0), "axis": 1}}),
    ),
    "a range that is one number once it is normalized": (
        ("float64[?]", {"range": (2.0, 255.0)}),
        ("float64[?]", {"normalization": {"mean": 9e18, "std": 1e-30, "raw_range": (2.0, 255.0)}}),
    ),
    "a range that is none of float32": (("float32[?, 8]", {}), ("float64[?, 8]", {"range": (-1.7e308, 0.5)})),
    "a filling beyond all floats once it is rounded": (
        ("float4_e2m1fn[?]", {"padding": {"value": -1.7e308}}),
        ("float16[?]", {"padding": {"value": -1.79e308}}),
    ),
    "texts by the million": (("int64[65536, ?, 12, 2]", {}), ("string[65536, ?, 2]", {})),
    "ids of which none is in the range": (
        ("float16[8]", {"range": (1e-38, 0.5), "id_count": 2, "normalization": {"mean": 1e39, "std": 0.1}}),
        ("float16[8, 1]", {"id_count": 255}),
    ),
    "the numbers of one box": (
        ("int64[4]", {"boxes": "yxyx pixels"}),
        ("int64[4]", {"boxes": "cxcywh", "padding": {"value": "-1"}}),
    ),
    "sizes of texts that are none of a picture": (
        ("string[8, ?, 3]", {"meaning": "base64_url", "channel_order": "BGR"}),
        ("string[8, 3]", {}),
    ),
    "axes that stand in a text": (("string[]", {"axes": []}), ("float64[3, 1, 12]", {"padding": {"value": 0}})),
    "a filling that is no complex64": (
        ("complex64[1, 5]", {"padding": {"value": -1.7e308}}),
        ("ragged float64[1, None, 2]", {}),
    ),
    "more ids than numbers": (("uint8[12, ?]", {"id_count": 2**64}), ("int64[?, 12]", {"id_count": 2**64})),
    "as many axes as there can be": (
        (f"int8[{', '.join(['2', '3'] * 127)}]", {}),
        (f"int8[{', '.join(['4'] * 254)}]", {}),
    ),
    "an axis of many sizes to be parted": (
        (f"int8[{', '.join(['16'] * 200)}]", {}),
        (f"int8[{', '.join(['2'] * 254)}]", {}),
    ),
}


@pytest.mark.parametrize(("provided", "required"), FOUND.values(), ids=FOUND)
def test_what_ended_a_search_does_no_more(provided, required):
    sides = [parse_spec(text).replace(facts=Facts.model_validate(facts)) for text, facts in (provided, required)]
    everything = Policy(loss="irreversible", assume="warn", allow=BY_PERMISSION)
    begin = time.process_time()
    explained.search(*sides, everything)
    assert time.process_time() - begin < 5
