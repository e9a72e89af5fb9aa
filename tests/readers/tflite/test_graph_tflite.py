"""TFLite operators in the common view, from files that are written by hand."""

from __future__ import annotations

import random
import time

import pytest

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from sigcheck.readers.tflite import lowering
from sigcheck.schema.errors import SigcheckError
from tests.readers.written_tflite import one, op, written

RELU, RELU_N1_TO_1, RELU6, TANH, SIGN_BIT = 1, 2, 3, 4, 5
X, Y = one("x"), one("y")


@pytest.fixture
def claims(tmp_path):
    """The claims about each endpoint of a file: {name: {claim: (value, tier, reason)}}."""

    def find(data):
        path = tmp_path / "m.tflite"
        path.write_bytes(data)
        model = infer(Source.parse(str(path)), read(path))
        (signature,) = model.signatures
        ends = (*signature.inputs, *signature.outputs)
        return {end.name: {one.name: (one.value, one.tier, one.reason) for one in end.inferred} for end in ends}

    return find


def test_a_softmax(claims):
    found = claims(written([X, Y], [op(25, [0], [1])]))
    assert found["y"] == {
        "range": ((0.0, 1.0), "proved", "Softmax"),
        "meaning": ("probabilities", "proved", "Softmax along the last axis"),
    }
    assert found["x"]["softmax_applied"][0] is True


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, (0.0, 2.0)), (RELU6, (0.0, 6.0)), (RELU_N1_TO_1, (-1.0, 1.0)), (RELU, None), (TANH, None), (SIGN_BIT, None)],
)
def test_a_fused_activation(claims, number, expected):
    """An activation lets a NaN become its ends; those that kernels pass over end what is known."""
    added = op(0, [1, 1], [2], {"f0_i8": number})
    found = claims(written([X, one("s"), Y], [op(14, [0], [1]), added]))
    assert found["y"].get("range", [None])[0] == expected


def test_options_of_another_kind_are_passed_over(claims):
    added = op(0, [1, 1], [2], {"f0_i8": RELU_N1_TO_1}, kind=9)
    assert claims(written([X, one("s"), Y], [op(14, [0], [1]), added]))["y"]["range"][0] == (0, 2)


def test_a_code_above_127_stands_in_the_new_field(claims):
    assert claims(written([X, Y], [op(152, [0], [1])]))["y"]["range"] == ((0.0, 1.0), "proved", "Relu0To1")


def test_a_scaling_by_constants(claims):
    tensors = [
        one("x", shape=(1, 8, 8, 3)),
        one("s", shape=(), values=1 / 127.5),
        one("m"),
        one("o", shape=(1,), values=[1.0]),
        one("d"),
        one("k", shape=(5, 3, 3, 3), values=[0.0] * 135),
        one("b", shape=(5,), values=[0.0] * 5),
        Y,
    ]
    found = claims(written(tensors, [op(18, [0, 1], [2]), op(41, [2, 3], [4]), op(3, [4, 5, 6], [7])]))
    assert found["x"]["range"] == ((0.0, 255.0), "convention", "Mul 0.00784314, then Sub 1")
    assert found["x"]["axes"] == (("batch", "height", "width", "channel"), "convention", "Conv2D reads it so")
    assert found["y"] == {"linear": (True, "proved", "Conv2D: no bound")}


TABLE = one("t", shape=(30, 2), values=[0.5] * 60)


@pytest.mark.parametrize(
    ("looked_up", "rows"),
    [
        (op(36, [1, 0], [2]), 30),
        (op(7, [0, 1], [2]), 30),
        (op(36, [1, 0], [2], {"f0_i32": 1}), None),
        (op(36, [1, 0], [2], {"f1_i32": 1}), None),
        (op(107, [1, 0], [2]), None),
    ],
)
def test_ids_are_below_the_rows_of_the_table(claims, looked_up, rows):
    found = claims(written([one("x", "int32"), TABLE, Y], [looked_up]))
    assert found["x"].get("id_count", [None])[0] == rows
    assert found["y"].get("range") is None or found["y"]["range"][0] == (0.0, 0.5)


def test_rows_of_a_quantized_table(claims):
    table = one("t", "int8", (9, 2), [1] * 18, ([0.5], [0]))
    found = claims(
        written(
            [one("x", "int32"), table, one("g", "int8", quantization=([0.5], [0])), Y],
            [op(36, [1, 0], [2]), op(6, [2], [3])],
        )
    )
    assert found["x"]["id_count"] == (9, "proved", "GatherV2 from a table of 9 rows")
    assert found["y"]["range"][0] == (-64.0, 63.5)


def test_what_a_scale_does_not_reach_is_cut_off(claims):
    q = one("q", "int8", quantization=([1 / 256], [-128]))
    found = claims(
        written(
            [X, one("z", "int8", quantization=([1 / 128], [0])), q, Y],
            [op(114, [0], [1]), op(14, [1], [2]), op(6, [2], [3])],
        )
    )
    assert found["x"]["range"] == ((-1.0, 0.992188), "read", "Quantize cuts off what lies beyond")
    assert found["y"]["range"][:2] == ((0.0, 0.996094), "proved")
    assert found["y"]["range"][2] == "Sigmoid, then Quantize 0.00390625 -128"


def test_the_real_ends_of_a_quantized_output(claims):
    x = one("x", "uint8", quantization=([1 / 255], [0]))
    sigmoid = claims(written([x, one("y", "int8", quantization=([1 / 256], [-128]))], [op(14, [0], [1])]))
    assert sigmoid["y"]["range"][:2] == ((0.0, 0.996094), "read")
    assert sigmoid["y"]["range"][2].endswith("stored as -128 to 127")
    y = one("y", "int8", quantization=([0.1], [-28]))
    clamped = claims(written([x, y], [op(0, [0, 0], [1], {"f0_i8": RELU6})]))
    assert clamped["y"]["range"][:2] == ((0.0, 6.0), "proved")
    assert clamped["y"]["range"][2].endswith("stored as -28 to 32")


@pytest.mark.parametrize(
    "quantization", [([0.5, 0.25], [0, 0], 1), ([float("nan")], [0]), ([0.5], [0])], ids=["per axis", "nan", "int32"]
)
def test_numbers_of_unclear_scale_are_unknown(claims, quantization):
    dtype = "int32" if len(quantization) == 2 and quantization[0] == [0.5] else "int8"
    tensors = [X, one("q", dtype, (1, 2), quantization=quantization), Y]
    assert claims(written(tensors, [op(114, [0], [1]), op(6, [1], [2])]))["y"] == {}


def test_a_cast_of_quantized_numbers_is_one_of_the_stored(claims):
    q = one("q", "int8", quantization=([1 / 256], [-128]))
    assert claims(written([X, q, Y], [op(14, [0], [1]), op(53, [1], [2])]))["y"] == {}


def test_an_index_of_the_greatest_float_may_be_that_of_a_nan(claims):
    """Of rows of NaN alone the kernels make 2147483647."""
    axis, weights = one("a", "int32", (), -1), one("w", shape=(5, 4), values=[0.0] * 20)
    tensors = [X, weights, one("d"), axis, one("y", "int64", (1,))]
    assert "id_count" not in claims(written(tensors, [op(9, [0, 1, -1], [2]), op(56, [2, 3], [4])]))["y"]
    tensors[2] = one("d", "int8", quantization=([0.5], [0]))
    found = claims(written(tensors, [op(9, [0, 1, -1], [2]), op(56, [2, 3], [4])]))
    assert found["y"]["id_count"][0] == 5


@pytest.mark.parametrize("code", [32, 118, 119, 16, 117, 53, 9_999])
def test_other_operators_are_unknown(claims, code):
    found = claims(written([X, one("u"), Y], [op(code, [0], [1]), op(93, [1], [2])]))
    assert found == {"x": {}, "y": {}}


def test_variables_and_what_nothing_gives_are_unknown(claims):
    variable = one("v", shape=(), values=0.5, variable=1)
    for other in (variable, one("v")):
        assert claims(written([X, other, Y], [op(57, [0, 1], [2])]))["y"] == {}
    nan = one("v", shape=(), values=float("nan"))
    assert claims(written([X, nan, Y], [op(57, [0, 1], [2])]))["y"] == {}


def test_the_greater_of_two_may_be_the_other_where_one_is_nan(claims):
    """`a > b ? a : b`, as the kernels have it, gives b where a is NaN."""
    half = one("h", shape=(), values=0.5)
    tensors = [X, one("s"), half, one("m"), one("t"), Y]
    found = claims(written(tensors, [op(14, [0], [1]), op(55, [1, 2], [3]), op(28, [0], [4]), op(55, [3, 4], [5])]))
    assert found["y"]["range"][0] == (-1.0, 1.0)


def test_a_loop_of_operators_reads_nothing_that_comes_later(claims):
    tensors = [X, one("a"), one("b"), Y]
    assert claims(written(tensors, [op(55, [2, 0], [1]), op(0, [1, 1], [2]), op(18, [2, 2], [3])]))["y"] == {}
    assert claims(written([X, Y], [op(57, [1, 1], [1])]))["y"] == {}


def test_a_constant_whose_data_do_not_fit_its_shape_has_no_numbers(claims):
    tensors = [X, one("c", shape=(3,), values=[1.0, 2.0]), Y]
    assert claims(written(tensors, [op(57, [0, 1], [2])]))["y"] == {}


def test_an_output_of_another_operator_is_not_mistaken(claims):
    """TopK gives indices second; a split gives parts."""
    top = claims(
        written(
            [X, one("s"), one("k", "int32", (), 2), one("v"), one("y", "int32")],
            [op(25, [0], [1]), op(48, [1, 2], [3, 4])],
        )
    )
    assert top["y"] == {}
    split = claims(
        written([X, one("s"), one("a", "int32", (), 1), one("v"), Y], [op(28, [0], [1]), op(49, [2, 1], [3, 4])])
    )
    assert split["y"]["range"][0] == (-1.0, 1.0)


def test_too_many_operators_are_skipped_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(lowering, "_MAX_OPERATORS", 5)
    path = tmp_path / "m.tflite"
    path.write_bytes(written([X, Y], [op(14, [0], [1])] * 6))
    found = infer(Source.parse(str(path)), read(path))
    assert [note.message for note in found.notes] == ["nothing is inferred: the graph has more than 5 operators."]


def rich():
    q = one("q", "int8", quantization=([1 / 256], [-128]))
    tensors = [
        one("x", shape=(1, 8, 8, 3)),
        one("s", shape=(3,), values=[0.5, 0.25, 1.0]),
        one("m"),
        one("k", shape=(5, 3, 3, 3), values=[0.0] * 135),
        one("c"),
        q,
        one("f"),
        Y,
    ]
    operators = [
        op(18, [0, 1], [2], {"f0_i8": RELU6}),
        op(3, [2, 3, -1], [4], {"f3_i8": RELU}),
        op(114, [4], [5]),
        op(6, [5], [6]),
        op(2, [6, 6], [7], {"f0_i32": 1}),
    ]
    return written(tensors, operators)


def test_mutated_graphs_are_survived_in_bounded_time(tmp_path):
    path = tmp_path / "m.tflite"
    seed = rich()
    path.write_bytes(seed)
    model = read(path)
    assert infer(Source.parse(str(path)), model).signatures[0].outputs[0].inferred
    generator = random.Random(5)
    claimed = 0
    for _ in range(250):
        data = bytearray(seed)
        for _ in range(generator.randint(1, 4)):
            byte = generator.choice([0, 1, 0x7F, 0x80, 0xFF, generator.randrange(256)])
            data[generator.randrange(8, len(data))] = byte
        if generator.random() < 0.1:
            del data[generator.randrange(8, len(data)) :]
        path.write_bytes(bytes(data))
        # Opened anew: a source keeps the bytes of a small file.
        source = Source.parse(str(path))
        start = time.process_time()
        # The file that was read may be another one by now, as may be what it claims of itself.
        claimed += any(end.inferred for end in infer(source, model).signatures[0].outputs)
        try:
            infer(source, read(path))
        except SigcheckError:
            continue
        assert time.process_time() - start < 1.0
    assert 0 < claimed < 250


@pytest.mark.parametrize(("keeps", "axis", "count"), [(0, -1, 5), (0, 1, 5), (0, 0, None), (1, -1, 5), (1, 1, None)])
def test_the_last_axis_may_be_counted_from_the_front(claims, keeps, axis, count):
    """A fully connected operator that keeps the axes gives as many as it takes, which the view does not say."""
    tensors = [
        X,
        one("w", shape=(5, 4), values=[0.0] * 20),
        one("d", "int8", quantization=([0.5], [0])),
        one("a", "int32", (), axis),
        one("y", "int64", (1,)),
    ]
    found = claims(written(tensors, [op(9, [0, 1, -1], [2], {"f2_u8": keeps}), op(56, [2, 3], [4])]))
    assert found["y"].get("id_count", [None])[0] == count
