"""What the first call feeds to the states of a model: what it begins with, in the batch of what else is fed."""

from __future__ import annotations

import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.verification.job import RunnableModel

pytestmark = pytest.mark.tensorflow
STATES = {"h": "float32[?, 2]", "c": "int64[3, ?]", "flag": "bool[]"}
INITIAL = {"h": 0.5, "c": 7, "flag": True}


def fed(**inputs):
    """What a model is called with that is fed these inputs."""
    from sigcheck.verification.first_call import begun

    ends = tuple(Endpoint(name=name, spec=parse_spec(spec)) for name, spec in {"x": "float32[?]", **STATES}.items())
    signature = Signature(inputs=ends)
    model = RunnableModel(source="m", path="m", reader="saved_model", signature=signature, initial=INITIAL)
    return begun(dict, model)(inputs)


def test_states_are_fed_what_they_begin_with_in_the_batch_of_the_rest():
    import tensorflow as tf

    for x in (tf.zeros([4]), tf.ragged.constant([[1.0], [], [2.0], []])):
        found = fed(x=x)
        assert found.pop("x") is x
        assert {name: (one.dtype.name, one.numpy().tolist()) for name, one in found.items()} == {
            "h": ("float32", [[0.5, 0.5]] * 4),
            "c": ("int64", [[7]] * 3),
            "flag": ("bool", True),
        }


def test_a_model_that_is_fed_nothing_else_has_a_batch_of_one():
    assert fed()["h"].shape == (1, 2)


def test_a_model_without_states_is_called_as_it_is():
    from sigcheck.verification.first_call import begun

    model = RunnableModel(source="m", path="m", reader="saved_model", signature=Signature())
    assert begun(dict, model) is dict
