from __future__ import annotations

import copy
import pickle

import pytest
from pydantic import ValidationError

from sigcheck.schema.agreement import conflicts
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.signature import Signature
from sigcheck.schema.tensor_spec import TensorSpec


def test_a_copy_computes_anew_what_follows_from_its_fields():
    spec = parse_spec("float32[?, 3]")
    assert spec.rank == 2
    assert spec.model_copy(update={"shape": (1,)}).rank == 1
    step = Step(transform="cast", result=spec)
    plan = Plan(steps=(step,))
    assert plan.cost == step.cost
    assert "cost" not in vars(plan.model_copy())


def test_what_another_process_is_sent_is_the_fields_alone_and_equal():
    spec = parse_spec("float32[?, 3]")
    plan = Plan(steps=(Step(transform="cast", result=spec),))
    assert hash(spec)
    assert conflicts(spec, spec.replace(facts=Facts(range=(0, 1)))) == ()
    assert plan.cost
    assert b"pydantic" not in pickle.dumps(plan)
    sent = pickle.loads(pickle.dumps(plan))
    assert (sent, sent.cost, hash(sent.steps[0].result)) == (plan, plan.cost, hash(spec))
    # Texts have another hash in the other process.
    assert vars(pickle.loads(pickle.dumps(spec))).keys() == TensorSpec.model_fields.keys()


def test_what_a_spec_was_compared_with_is_that_of_no_copy_and_no_other_spec():
    told, scaled, other = (
        parse_spec("float32[?, 3]").replace(facts=Facts(range=ends)) for ends in ((0, 1), (0, 255), (0, 1))
    )
    for _ in range(2):
        assert conflicts(told, scaled) == ("range",)
        assert conflicts(told, other) == conflicts(told, told) == ()
    assert conflicts(told, scaled) == ("range",)
    assert conflicts(told.replace(facts=scaled.facts), scaled) == ()
    assert conflicts(told.model_copy(update={"facts": scaled.facts}), scaled) == ()
    for one in (copy.copy(told), copy.deepcopy(told), pickle.loads(pickle.dumps(told))):
        assert (one, hash(one), conflicts(one, scaled)) == (told, hash(told), ("range",))


def test_a_copy_is_equal_and_leaves_the_value_as_it_is():
    spec = parse_spec("float32[?, 3]")
    assert spec.model_copy() == spec
    wider = spec.model_copy(update={"dtype": "float64"})
    assert (spec.dtype, wider.dtype) == ("float32", "float64")
    assert spec.model_copy(deep=True) == spec


def test_values_keep_nothing_beside_their_fields():
    specs = [parse_spec("float32[?, 3]"), TensorSpec(dtype="int8", shape=(1,)), parse_spec("bool[]").model_copy()]
    assert len({id(one.__pydantic_fields_set__) for one in specs}) == 1
    assert specs[0].__pydantic_fields_set__ == set()


def test_a_value_that_went_to_another_process_is_the_same():
    step = Step(transform="cast", arguments={"dtype": "float32"}, result=parse_spec("float32[?, 3]"))
    assert pickle.loads(pickle.dumps(step)) == step


def test_specs_without_facts_share_them():
    assert TensorSpec(dtype="int8", shape=(1,), facts=Facts()).facts is NO_FACTS
    assert TensorSpec.model_validate({"dtype": "int8", "shape": [1], "facts": {}}).facts is NO_FACTS


def test_what_a_parser_makes_is_validated_however_deep_it_stands():
    step = Step(transform="cast", result=parse_spec("float32[?, 3]"))
    assert Plan(steps=[step]).steps == (step,)
    with pytest.raises(ValidationError, match="tags"):
        Signature(tags=("serve", ("gpu", ["a list"])))
