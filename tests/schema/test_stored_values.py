from __future__ import annotations

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.stored_values import stored_range


def test_a_range_of_real_values_may_be_a_step_wider_than_what_is_stored():
    facts = Facts.model_validate({"quantization": {"scale": 1 / 256, "zero_point": -128}, "range": [0, 1]})
    spec = parse_spec("int8[?]").replace(facts=facts)
    assert stored_range(spec) == (-128, 127)


def test_whole_numbers_that_are_normalized_by_no_scale_have_no_range_of_their_mean():
    """They are stored by a scale that nobody declared: from [0, 2] no narrower type would be seen to cut them."""
    numbers = {"mean": -32768, "std": 32767.5, "raw_range": [-32768, 32767]}
    spec = parse_spec("int16[4]").replace(facts=Facts.model_validate({"normalization": numbers}))
    assert stored_range(spec) is None
    assert stored_range(spec.replace(dtype="float32")) == (0, 2)
    assert search(spec, parse_spec("uint8[4]")).verdict == "guarded"


def test_values_of_more_steps_than_any_type_has_are_stored_as_its_ends():
    facts = Facts.model_validate({"quantization": {"scale": 1e-30, "zero_point": 5}, "range": [-1.7e308, 1.7e308]})
    numbers = {"mean": 0.0, "std": 1.0}
    spec = parse_spec("uint8[?]").replace(facts=facts.replace(normalization=Facts(normalization=numbers).normalization))
    assert stored_range(spec) == (0, 255)
