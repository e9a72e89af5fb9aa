from __future__ import annotations

import pytest

from sigcheck.planning.binding import bind
from sigcheck.planning.matching import feed
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts, Quantization
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint


def ends(**specs):
    return [Endpoint(name=name, spec=parse_spec(spec)) for name, spec in specs.items()]


TOKENS = ends(ids="int32[?, 8]", score="float32[?]")


def test_what_the_constant_is_like_still_feeds_its_own_input():
    match = feed(TOKENS[:1], ends(ids="int32[?, 8]", types="int32[?, 8]"), {"constant(0)": "types"})
    assert {one.required: one.provided for one in match.bindings} == {"ids": "ids", "types": "constant(0, ids)"}
    assert (match.missing, match.unused, match.unshared) == ((), (), ())


def test_open_sizes_of_several_outputs_are_named():
    outputs = ends(ids="int32[?, ?]", mask="int32[?, ?]")
    with pytest.raises(UsageError, match=r"could be that of ids, mask, .* Name it: constant\(0, ids\)=t\."):
        feed(outputs, ends(t="int32[?, ?]"), {"constant(0)": "t"})
    (binding,) = feed(outputs, ends(t="int32[?, ?]"), {"constant(0, mask)": "t"}).bindings
    assert binding.sources[0].name == "mask"


def test_a_flag_needs_no_sizes():
    (binding, *_) = feed(TOKENS, ends(training="bool[]"), {"constant(false)": "training"}).bindings
    assert binding.verdict == "adapts"


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("0.5", "int32[?]"),
        ("300", "uint8[?]"),
        ("-1", "uint8[?]"),
        ("1", "bool[]"),
        ("true", "int32[]"),
        ('"a"', "float32[]"),
        ("1e39", "float32[]"),
        ("7", "string[]"),
    ],
)
def test_what_the_dtype_cannot_hold_is_an_error(text, spec):
    with pytest.raises(UsageError, match="is no value of"):
        feed(TOKENS, ends(x=spec), {f"constant({text})": "x"})


def test_what_is_beyond_the_bounds_of_the_input_is_an_error():
    proved = Inferred(name="id_count", value=2, tier="proved", reason="Gather of 2 rows")
    (types,) = ends(types="int32[?, 8]")
    for end in (
        types.model_copy(update={"inferred": (proved,)}),
        types.model_copy(update={"spec": types.spec.replace(facts=Facts(id_count=2))}),
    ):
        with pytest.raises(UsageError, match=r"2 is outside \[0, 1\]"):
            feed(TOKENS, [end], {"constant(2)": "types"})
        assert feed(TOKENS, [end], {"constant(1)": "types"}).bindings[0].verdict == "adapts"


def test_what_is_outside_the_declared_range_is_an_error():
    (score,) = ends(score="float32[?]")
    declared = score.model_copy(update={"spec": score.spec.replace(facts=Facts(range=(0, 1)))})
    with pytest.raises(UsageError, match=r"2 is outside \[0, 1\], which the input is declared to take"):
        feed(TOKENS, [declared], {"constant(2)": "score"})
    assert feed(TOKENS, [declared], {"constant(1)": "score"}).bindings[0].verdict == "adapts"


def test_a_range_of_real_numbers_says_nothing_of_how_they_are_stored():
    scales = Quantization(scale=1 / 255, zero_point=0)
    (pixel,) = ends(pixel="uint8[?]")
    stored = pixel.model_copy(update={"spec": pixel.spec.replace(facts=Facts(range=(0, 1), quantization=scales))})
    assert feed(TOKENS, [stored], {"constant(128)": "pixel"}).bindings[0].verdict == "adapts"


def test_the_batch_is_that_of_an_output_that_feeds_the_consumer():
    outputs = ends(boxes="float32[?, 4]", fixed="float32[1, 3]", image="float32[?, 8, 8, 3]")
    match = feed(outputs, ends(image="float32[?, 8, 8, 3]", scale="float32[?, 1]"), {"constant(0.5)": "scale"})
    assert {one.required: one.provided for one in match.bindings}["scale"] == "constant(0.5, image)"


def test_a_constant_has_the_size_that_the_model_demands():
    """Of a batch, and of 16 numbers for each example: nobody has to name an output of that size."""
    fed = Endpoint(name="h", spec=parse_spec("float32[?, ?]"), sizes=("h.0", "h.1"))
    inputs, outputs = [*ends(a="float32[?, 4]"), fed], ends(a="float32[?, 4]", b="float32[?, 5]")
    told = {"constant(0)": "h"}
    (joined,) = bind(outputs, inputs, told, constraints=[Constraint(holds="h.1 == 16")]).joined.values()
    assert str(joined.binding.provided_spec) == "float32[?, 16]"
    with pytest.raises(UsageError, match="the size of axis 1 could be that of a, b"):
        bind(outputs, inputs, told, constraints=[Constraint(holds="h.1 == 16 or h.1 == 1")])
