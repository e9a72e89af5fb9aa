"""What JAX and PyTorch export, read as their own answer says it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sigcheck.api import check
from sigcheck.readers import read


def told(source):
    (signature,) = read(source).signatures
    return {one.name: str(one.spec) for one in signature.inputs}, {one.name: str(one.spec) for one in signature.outputs}


def is_refused(call, *given):
    """Whether the program refuses the sizes of what it is called with, each in words of its own."""
    try:
        call(*given)
    except (AssertionError, RuntimeError, ValueError):
        return True
    return False


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


def test_a_demand_of_jax_that_no_words_here_say_is_noted(jax):
    from jax import export

    more = " + ".join(f"{count}*b" for count in range(1, 100))
    (batch,) = export.symbolic_shape("b", constraints=[f"{more} >= 2", "b >= 2"])
    spec = {"x": jax.ShapeDtypeStruct((batch,), "float32")}
    (signature,) = read(spec).signatures
    assert "b >= 2" in [one.holds for one in signature.constraints]
    assert [one.message for one in read(spec).notes] == ["what JAX checks of sizes, and is not told here"]


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
    assert (sizes(exported)["scores"], sizes(exported)["twice"]) == (("b", 2), ("2 * b", 4))


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


@pytest.mark.parametrize(
    ("symbols", "constraints"),
    [
        ("2*b", ()),
        ("3*b + 1", ()),
        ("b", ("b >= 8",)),
        ("b", ("mod(b, 4) == 0", "b <= 12")),
        ("b", ("floordiv(b, 3) == 2",)),
        ("b", ("max(b, 5) == b",)),
    ],
)
def test_a_size_that_jax_refuses_does_not_pass(jax, symbols, constraints):
    (size,) = jax.export.symbolic_shape(symbols, constraints=constraints)
    double = jax.export.export(jax.jit(lambda x: x * 2))(jax.ShapeDtypeStruct((size, 2), "float32"))
    assert "is not" not in str(read(double).notes)
    passed = []
    for rows in range(1, 15):
        report = check({"args_0": f"float32[{rows}, 2]"}, double)
        assert bool(report.exit_code) == is_refused(double.call, jax.numpy.zeros((rows, 2))), rows
        passed.append(report.verdict == "fits")
    assert 1 < sum(passed) < len(passed)


def test_what_is_demanded_of_a_size_and_another_one_does_not_say_that_it_is_one_and_more(jax):
    a, b = jax.export.symbolic_shape("a, b", constraints=["a >= b - 4", "b >= 2"])
    taken = jax.ShapeDtypeStruct((3, a), "float32"), jax.ShapeDtypeStruct((3, b), "float32")
    both = jax.export.export(jax.jit(lambda x, y: x.sum() + y.sum()))(*taken)
    assert [one.holds for one in read(both).signatures[0].constraints] == ["a >= 1", "a >= b - 4", "b >= 2"]
    assert is_refused(both.call, jax.numpy.zeros((3, 0)), jax.numpy.zeros((3, 4)))


def test_sizes_of_several_inputs_that_jax_holds_together(jax):
    scope = jax.export.SymbolicScope(("2*a >= b",))
    a, b = jax.export.symbolic_shape("a, b + 1", scope=scope)
    taken = jax.ShapeDtypeStruct((3, a), "float32"), jax.ShapeDtypeStruct((3, b), "float32")
    both = jax.export.export(jax.jit(lambda x, y: jax.numpy.concatenate([x, y], 1)))(*taken)
    for wide, wider in ((1, 2), (1, 3), (1, 4), (2, 5), (2, 6), (4, 1)):
        report = check({"args_0": f"float32[3, {wide}]", "args_1": f"float32[3, {wider}]"}, both)
        refused = is_refused(both.call, jax.numpy.zeros((3, wide)), jax.numpy.zeros((3, wider)))
        assert bool(report.exit_code) == refused, (wide, wider)
    assert sizes(both)["output_0"] == (3, "args_1_size_1 - 1 + a + 1")


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


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


def module_of(torch, forward):
    """A module whose `forward` is the function, less the module itself."""
    return type("Module", (torch.nn.Module,), {"forward": forward})()


def test_entries_of_structures_have_their_keys(torch):
    @dataclass
    class Given:
        logits: object
        hidden: object = None

    torch.export.register_dataclass(Given, serialized_type_name="Given")

    def forward(self, features, *rest, flag=None):
        return {"s": Given(features["a"] + rest[0], features["b"]), "more": (features["a"], None, 3)}

    zeros = torch.zeros(2, 3), torch.zeros(2, 5, dtype=torch.int8)
    program = torch.export.export(module_of(torch, forward), ({"a": zeros[0], "b": zeros[1]}, zeros[0]))
    taken, given = told(program)
    assert taken == {"a": "float32[2, 3]", "b": "int8[2, 5]", "rest_0": "float32[2, 3]"}
    assert given == {"logits": "float32[2, 3]", "hidden": "int8[2, 5]", "output_2": "float32[2, 3]"}
    assert [(one.place, one.message) for one in read(program).notes] == [
        ("output_3", "no tensor, and left out: None"),
        ("output_4", "no tensor, and left out: 3"),
    ]


def test_two_entries_of_one_key_are_told_apart_as_pytorch_does(torch):
    program = torch.export.export(
        module_of(torch, lambda self, one, two: one["a"] + two["a"]), ({"a": torch.zeros(2)}, {"a": torch.zeros(2)})
    )
    assert set(told(program)[0]) == {"one_a", "two_a"}


def test_arguments_that_are_no_tensors(torch):
    program = torch.export.export(
        module_of(torch, lambda self, x, count, share, *, mode: x * count),
        (torch.zeros(4, 3), 5, 2.5),
        {"mode": "sum"},
        dynamic_shapes={"x": None, "count": torch.export.Dim.DYNAMIC, "share": None, "mode": None},
    )
    (signature,) = read(program).signatures
    assert [(one.name, one.optional) for one in signature.inputs] == [
        ("x", False),
        ("count", False),
        ("share", True),
        ("mode", True),
    ]
    assert [one.message for one in read(program).notes] == [
        "no tensor: a number of Python",
        "no tensor: fixed to 2.5 when the program was exported",
        "no tensor: fixed to 'sum' when the program was exported",
    ]


def test_dtypes_states_and_layouts(torch):
    class States(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("calls", torch.zeros(3))
            self.weight = torch.nn.Parameter(torch.ones(3))

        def forward(self, x, indices):
            self.calls.add_(1)
            return (x * self.weight + self.calls).to(torch.bfloat16), indices.to_dense(), x.to(torch.uint16)

    program = torch.export.export(States(), (torch.zeros(2, 3), torch.eye(3).to_sparse()))
    taken, given = told(program)
    assert taken == {"x": "float32[2, 3]", "indices": "sparse float32[3, 3]"}
    assert list(given.values()) == ["bfloat16[2, 3]", "float32[3, 3]", "uint16[2, 3]"]


def test_a_size_that_pytorch_refuses_does_not_pass(torch):
    auto = {"x": {0: torch.export.Dim.AUTO}}
    limited = {"x": {0: torch.export.Dim("b", min=4, max=9)}}
    forwards = [
        (lambda self, x: x.view(-1, 4), auto),
        (lambda self, x: x * 2 if x.shape[0] > 5 else x, auto),
        (lambda self, x: x * 2, limited),
    ]
    for forward, shapes in forwards:
        program = torch.export.export(module_of(torch, forward), (torch.zeros(8, 3),), dynamic_shapes=shapes)
        run = program.module()
        for rows in range(1, 14):
            report = check({"x": f"float32[{rows}, 3]"}, program)
            assert bool(report.exit_code) == is_refused(run, torch.zeros(rows, 3)), rows


def test_sizes_that_follow_from_others(torch):
    length = torch.export.Dim("length", min=3, max=20)
    program = torch.export.export(
        module_of(torch, lambda self, x, y: x + y[:, 1:]),
        (torch.zeros(2, 4), torch.zeros(2, 5)),
        dynamic_shapes={"x": {1: length}, "y": {1: length + 1}},
    )
    run = program.module()
    for long, longer in ((4, 5), (4, 6), (20, 21), (21, 22), (5, 4)):
        report = check({"x": f"float32[2, {long}]", "y": f"float32[2, {longer}]"}, program)
        refused = is_refused(run, torch.zeros(2, long), torch.zeros(2, longer))
        assert bool(report.exit_code) == refused, (long, longer)
    half = torch.export.Dim("half", min=1, max=16)
    program = torch.export.export(
        module_of(torch, lambda self, x: x * 2), (torch.zeros(4, 3),), dynamic_shapes={"x": {0: 2 * half}}
    )
    assert check({"x": "float32[6, 3]"}, program).verdict == "fits"
    for rows in (5, 34):
        assert check({"x": f"float32[{rows}, 3]"}, program).exit_code


def test_a_guard_that_no_words_here_say_is_noted(torch):
    program = torch.export.export(module_of(torch, lambda self, x: x * 2), (torch.zeros(4, 3),))
    unknown = ["L['x'].storage_offset() == 0", "L['x'][i].size()[0] == 4", "L['y'].size()[0] == 4"]
    program._guards_code = [*unknown, "L['x'].size()[0] == 4"]
    assert [one.place for one in read(program).notes] == unknown


def test_a_guard_is_that_of_its_argument_though_pytorch_writes_two_alike(torch):
    """PyTorch's own names of what is fed have neither points nor capitals, and are numbered where two are alike."""

    def forward(self, x):
        return x["a.b"] * 2 if x["a_b"].shape[1] > 6 else x["a_b"]

    given = {"a.b": torch.zeros(2, 3), "a_b": torch.zeros(2, 8)}
    dynamic = {1: torch.export.Dim.DYNAMIC}
    program = torch.export.export(
        module_of(torch, forward), (given,), dynamic_shapes={"x": {"a.b": dynamic, "a_b": dynamic}}
    )
    run = program.module()
    for less, more in ((3, 8), (3, 6), (8, 6), (8, 9)):
        report = check({"a.b": f"float32[2, {less}]", "a_b": f"float32[2, {more}]"}, program)
        refused = is_refused(run, {"a.b": torch.zeros(2, less), "a_b": torch.zeros(2, more)})
        assert bool(report.exit_code) == refused, (less, more)
    assert not read(program).notes
