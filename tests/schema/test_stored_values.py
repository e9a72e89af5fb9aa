from __future__ import annotations

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.stored_values import stored_range


def test_a_range_of_real_values_may_be_a_step_wider_than_what_is_stored():
    facts = Facts.model_validate({"quantization": {"scale": 1 / 256, "zero_point": -128}, "range": [0, 1]})
    spec = parse_spec("int8[?]").replace(facts=facts)
    assert stored_range(spec) == (-128, 127)
