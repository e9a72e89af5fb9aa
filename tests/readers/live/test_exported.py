"""What JAX and PyTorch export, read as their own answer says it."""

from __future__ import annotations

import pytest

from sigcheck.api import check
from sigcheck.readers import read


def told(source):
    (signature,) = read(source).signatures
    return {one.name: str(one.spec) for one in signature.inputs}, {one.name: str(one.spec) for one in signature.outputs}


def sizes(source):
    return {one.name: one.sizes for side in ("inputs", "outputs") for one in getattr(read(source).signatures[0], side)}


@pytest.fixture(scope="module")
def jax():
    return pytest.importorskip("jax")


@pytest.fixture(scope="module")
def exported(jax):
    """A function of a dict and a keyword, with a size that is left open, and the arguments that it is told by."""
    from jax import export, numpy

    def rank(x, given, *, flag):
        scores = x @ given["w"]
        return {"scores": scores, "more": (scores.sum(), given["n"]), "twice": numpy.concatenate([x, x]), "f": flag}

    spec, (batch,) = jax.ShapeDtypeStruct, export.symbolic_shape("b")
    given = {"w": spec((4, 2), numpy.float32), "n": spec((), numpy.int32)}
    return export.export(jax.jit(rank))(spec((batch, 4), numpy.float32), given, flag=spec((), numpy.bool_))


def test_specs_of_jax_stand_on_both_sides(jax):
    specs = {"a": jax.ShapeDtypeStruct((2, 3), "bfloat16"), "b": [jax.ShapeDtypeStruct((), "int32")]}
    assert read(specs).reader == "jax_spec"
    assert told(specs) == ({"a": "bfloat16[2, 3]", "args_1": "int32[]"}, {"a": "bfloat16[2, 3]", "output_1": "int32[]"})


def test_a_function_that_jax_exported(exported):
    assert read(exported).reader == "jax_export"
    taken, given = told(exported)
    assert taken == {"args_0": "float32[?, 4]", "n": "int32[]", "w": "float32[4, 2]", "flag": "bool[]"}
    assert given["scores"] == "float32[?, 2]"
    assert (given["twice"], given["output_2"]) == ("float32[?, 4]", "int32[]")
    # An open size has the name that JAX gives it; of an expression nothing is said.
    assert (sizes(exported)["scores"], sizes(exported)["twice"]) == (("b", 2), None)


def test_a_dtype_that_tensorflow_has_not_is_unknown(jax):
    key = jax.eval_shape(lambda: jax.random.key(0))
    (signature,) = read(key).signatures
    assert str(signature.inputs[0].spec) == "unknown[]"
    assert "is none that TensorFlow has" in read(key).notes[0].message


def test_what_jax_takes_is_checked(exported):
    fits = check({"args_0": "float32[?, 4]", "n": "int32[]", "w": "float32[4, 2]", "flag": "bool[]"}, exported)
    assert fits.verdict == "fits"
    assert check(
        {"args_0": "float32[?, 5]", "n": "int32[]", "w": "float32[4, 2]", "flag": "bool[]"}, exported
    ).exit_code


@pytest.fixture(scope="module")
def program():
    """A program of PyTorch with a batch of 3 to 64, and an argument that is no tensor."""
    torch = pytest.importorskip("torch")

    class Ranker(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(4, 3)

        def forward(self, image, ids, flag, *, mask):
            scores = self.linear(image)
            return {"scores": scores, "more": (ids.to(torch.int64), mask)}

    batch = torch.export.Dim("batch", min=3, max=64)
    given = torch.zeros(3, 4), torch.zeros(3, 5, dtype=torch.int32), 7
    shapes = {"image": {0: batch}, "ids": {0: batch}, "flag": None, "mask": None}
    mask = {"mask": torch.zeros(2, dtype=torch.bool)}
    return torch.export.export(Ranker(), given, kwargs=mask, dynamic_shapes=shapes)


def test_a_program_that_pytorch_exported(program):
    model = read(program)
    assert model.reader == "torch_export"
    taken, given = told(program)
    assert {name: spec for name, spec in taken.items() if spec != "unknown[*]"} == {
        "image": "float32[?, 4]",
        "ids": "int32[?, 5]",
        "mask": "bool[2]",
    }
    assert given == {"scores": "float32[?, 3]", "output_1": "int64[?, 5]", "output_2": "bool[2]"}
    (size, _) = sizes(program)["scores"]
    assert sizes(program)["ids"] == (size, 5)
    assert [one.holds for one in model.signatures[0].constraints] == [f"{size} >= 3", f"{size} <= 64"]


def test_a_batch_that_the_program_refuses_does_not_pass(program):
    names = {name: spec for name, spec in told(program)[0].items() if spec != "unknown[*]"}
    assert check({**names, "image": "float32[65, 4]", "ids": "int32[65, 5]"}, program).exit_code != 0
    assert check({**names, "image": "float32[8, 4]", "ids": "int32[8, 5]"}, program).exit_code == 0
