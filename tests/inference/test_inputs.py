"""Claims about inputs: from the operations that read them first."""

from __future__ import annotations

import pytest

from sigcheck.graph.view import Tensor
from sigcheck.inference.backward import Walk
from sigcheck.inference.scalings import raw_range
from sigcheck.inference.values import tell_values
from sigcheck.schema.facts import Facts, Quantization
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec
from tests.inference.graphs import const, graph, node, placeholder, variable

PICTURE = TensorSpec(dtype="float32", shape=(None, None, None, 3))
IDS = TensorSpec(dtype="int32", shape=(None, None))
OPEN = TensorSpec(dtype="float32", shape=None)


def claims(spec, *nodes, **ends):
    signature = Signature(inputs=(Endpoint(name="x", spec=spec),))
    told, left_out = tell_values(graph(*nodes, **ends), signature)
    assert left_out is None
    (found,) = told.inputs
    return {claim.name: claim for claim in found.inferred}


def scaled(op, *numbers):
    return [placeholder(), const(*numbers), node(op, 0, 1)]


CONVOLVED = [variable(3, 3, 3, 8), node("ReadVariableOp", 3), node("Conv2D", 2, 4)]


def test_a_usual_scaling_is_of_pixels():
    found = claims(PICTURE, *scaled("Mul", 1 / 255), *CONVOLVED)
    assert (found["range"].value, found["range"].tier) == ((0, 255), "convention")
    assert found["range"].reason == "Mul 0.00392157"
    assert found["axes"].value == ("batch", "height", "width", "channel")


@pytest.mark.parametrize(
    ("op", "numbers", "is_usual"),
    [
        ("RealDiv", (255.0,), True),
        ("RealDiv", (256.0,), True),
        ("Sub", (103.939, 116.779, 123.68), True),
        ("RealDiv", (32768.0,), False),
        ("Mul", (1 / 100,), False),
        ("AddV2", (1.0,), False),
        ("RealDiv", (0.0,), False),
    ],
)
def test_only_usual_scalings_tell_a_range(op, numbers, is_usual):
    assert ("range" in claims(PICTURE, *scaled(op, *numbers), *CONVOLVED)) == is_usual


def test_of_stored_numbers_a_scaling_tells_no_range():
    """A range is of the real values, which the scale of the quantization gives already."""
    nodes = [placeholder("uint8"), node("Cast", 0, DstT="float32"), const(1 / 255), node("Mul", 1, 2)]
    stored = TensorSpec(dtype="uint8", shape=(None, 4))
    assert "range" in claims(stored, *nodes, node("Tanh", 3))
    numbers = Facts(quantization=Quantization(scale=1 / 255, zero_point=0))
    assert "range" not in claims(stored.replace(facts=numbers), *nodes, node("Tanh", 3))


def test_a_constant_divided_by_the_input_is_no_scaling():
    found = claims(PICTURE, placeholder(), const(1 / 255), node("Sub", 1, 0), *CONVOLVED)
    assert "range" not in found


def test_two_branches_that_scale_differently_say_nothing():
    second = [const(1 / 127.5), node("Mul", 0, 6), node("Conv2D", 7, 4)]
    assert "range" not in claims(PICTURE, *scaled("Mul", 1 / 255), *CONVOLVED, *second)


def test_no_scaling_proves_nothing():
    # Converters fold x / 255 into the weights.
    assert "range" not in claims(
        PICTURE, placeholder(), variable(3, 3, 3, 8), node("ReadVariableOp", 1), node("Conv2D", 0, 2)
    )


def test_axes_are_lost_where_the_input_is_turned():
    turned = [placeholder(), const(0, 3, 1, 2, dtype="int32"), node("Transpose", 0, 1)]
    assert "axes" not in claims(PICTURE, *turned, *CONVOLVED)


def test_a_channels_first_convolution_names_its_axes():
    found = claims(
        TensorSpec(dtype="float32", shape=(None, 3, None, None)),
        placeholder(),
        variable(3, 3, 3, 8),
        node("ReadVariableOp", 1),
        node("Conv2D", 0, 2, data_format="NCHW"),
    )
    assert found["axes"].value == ("batch", "channel", "height", "width")


def lookup(*between, rows=100, op="ResourceGather", **attributes):
    table = [placeholder("int32"), variable(rows, 8)]
    last = 0 if not between else 1 + len(between)
    return [*table, *between, node(op, 1, last, **attributes)]


def test_ids_are_below_the_rows_of_the_table():
    claim = claims(IDS, *lookup())["id_count"]
    assert (claim.value, claim.tier) == (100, "proved")
    assert claim.reason == "ResourceGather from a table of 100 rows"


def test_an_offset_moves_the_ids():
    one = const(1, dtype="int32")
    assert claims(IDS, *lookup(one, node("Sub", 0, 2)))["id_count"].value == 101
    assert claims(IDS, *lookup(one, node("AddV2", 0, 2)))["id_count"].value == 99


@pytest.mark.parametrize("op", ["FloorMod", "ClipByValue", "Minimum", "Abs", "Mul"])
def test_what_makes_every_id_legal_ends_the_claim(op):
    bounds = [const(0, dtype="int32"), const(99, dtype="int32")]
    assert "id_count" not in claims(IDS, *lookup(*bounds, node(op, 0, 2, 3)))


def test_negative_ids_that_wrap_leave_the_upper_bound():
    nodes = [
        placeholder("int32"),
        variable(100, 8),
        const(0, dtype="int32"),
        node("Less", 0, 2),
        const(100, dtype="int32"),
        node("AddV2", 0, 4),
        node("SelectV2", 3, 5, 0),
        node("ResourceGather", 1, 6),
    ]
    assert claims(IDS, *nodes)["id_count"].value == 100
    nodes[2] = const(5, dtype="int32")
    assert "id_count" not in claims(IDS, *nodes)


def test_batches_of_tables_and_other_axes_say_nothing():
    assert "id_count" not in claims(IDS, *lookup(batch_dims=1))
    axis = [placeholder("int32"), const(*range(12), dtype="float32", shape=(4, 3)), const(1, dtype="int32")]
    assert "id_count" not in claims(IDS, *axis, node("GatherV2", 1, 0, 2))
    axis[2] = const(0, dtype="int32")
    assert claims(IDS, *axis, node("GatherV2", 1, 0, 2))["id_count"].value == 4


def test_the_smaller_of_two_tables_counts():
    nodes = [*lookup(), variable(7, 2), node("ResourceGather", 3, 0), node("Pack", 2, 4)]
    assert claims(IDS, *nodes)["id_count"].value == 7


def test_a_softmax_of_the_input_itself():
    assert "softmax_applied" in claims(OPEN, placeholder(), node("Softmax", 0))
    assert "softmax_applied" not in claims(OPEN, *scaled("Mul", 2.0), node("Softmax", 2))
    assert "softmax_applied" not in claims(OPEN, placeholder(), node("Softmax", 0), node("Relu", 0))


def test_bytes_that_are_decoded():
    found = claims(TensorSpec(dtype="string", shape=()), placeholder("string"), node("DecodePng", 0))
    assert found["meaning"].value == "encoded_image"


def test_strings_that_are_parsed_as_examples():
    text = TensorSpec(dtype="string", shape=(None,))
    found = claims(text, placeholder("string"), node("ParseExampleV2", 0))
    assert found["meaning"].value == "serialized_example"
    assert "meaning" not in claims(text, placeholder("string"), node("ParseExampleV2", 0), node("StringLower", 0))


@pytest.mark.parametrize(
    ("op", "meaning"),
    [
        ("DecodeWav", "wav"),
        ("DecodeCSV", "csv"),
        ("ParseTensor", "serialized_tensor"),
        ("DecodeRaw", "bytes"),
        ("DecodePaddedRaw", "bytes"),
        ("DecodeBase64", "base64_url"),
        ("ParseSingleExample", "serialized_example"),
        ("ParseSequenceExampleV2", "serialized_sequence_example"),
    ],
)
def test_strings_that_are_read_in_one_form(op, meaning):
    text = TensorSpec(dtype="string", shape=(None,))
    (found,) = claims(text, placeholder("string"), node(op, 0)).values()
    assert (found.name, found.value, found.tier, found.reason) == ("meaning", meaning, "proved", op)
    assert claims(text, placeholder("string"), node(op, 0), node("StringLower", 0)) == {}


@pytest.mark.parametrize(
    ("attributes", "meaning"),
    [
        ({"out_type": "int16", "little_endian": True}, "raw_int16"),
        ({"out_type": "int16", "little_endian": False}, "raw_int16_be"),
        # An attribute that has its default may be left out of a file.
        ({"out_type": "float32"}, "raw_float32"),
        # Any bytes are single ones, and of these numbers there is no word.
        ({"out_type": "uint8", "little_endian": True}, "bytes"),
        ({"out_type": "complex64", "little_endian": True}, "bytes"),
    ],
)
@pytest.mark.parametrize("op", ["DecodeRaw", "DecodePaddedRaw"])
def test_bytes_of_numbers_say_of_which(op, attributes, meaning):
    text = TensorSpec(dtype="string", shape=(None,))
    found = claims(text, placeholder("string"), node(op, 0, **attributes))
    assert found["meaning"].value == meaning


def test_what_examples_are_called_is_no_example():
    # Both parsers take names for their messages beside the Examples.
    text = TensorSpec(dtype="string", shape=(None,))
    assert claims(text, placeholder("string"), const(1, dtype="string"), node("ParseExampleV2", 1, 0)) == {}


def test_an_input_that_nothing_reads_says_nothing():
    assert claims(IDS, placeholder("int32"), const(1), output=1) == {}
    assert claims(IDS, placeholder("int32"), const(1), inputs={"other": Tensor(0)}) == {}


def test_preprocessing_of_the_usual_networks():
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    scale = tuple(1 / (255 * one) for one in std)
    assert raw_range(scale, tuple(-m / s for m, s in zip(mean, std, strict=True))) == (0, 255)
    assert raw_range((1 / 255,), (0.1,)) is None


@pytest.mark.parametrize(("shape", "count"), [((None, 7), 7), ((None, None), None), (None, None)])
def test_an_index_along_an_input_is_below_the_size_that_the_signature_lets_in(shape, count):
    nodes = [placeholder(), const(-1, dtype="int32"), node("ArgMax", 0, 1, output_type="int64")]
    signature = Signature(
        inputs=(Endpoint(name="x", spec=TensorSpec(dtype="float32", shape=shape)),),
        outputs=(Endpoint(name="y", spec=TensorSpec(dtype="int64", shape=(None,))),),
    )
    (found,) = tell_values(graph(*nodes), signature)[0].outputs
    assert {claim.name: claim.value for claim in found.inferred}.get("id_count") == count


def test_one_node_that_is_fed_under_two_names_of_other_sizes_has_none():
    nodes = [placeholder(), const(-1, dtype="int32"), node("ArgMax", 0, 1, output_type="int64")]
    made = graph(*nodes, inputs={"x": Tensor(0), "z": Tensor(0)})
    assert Walk(made, {"x": (None, 7), "z": (None, 7)}).value(Tensor(2)).ids == 7
    assert Walk(made, {"x": (None, 7), "z": (None, 8)}).value(Tensor(2)).ids is None


@pytest.mark.parametrize("attributes", [{"transpose_b": True}, {"adj_y": True}, {}])
def test_an_index_along_a_product_is_below_the_classes_of_its_weights(attributes):
    """Weights that are turned first have the classes as their last axis but one."""
    sizes = (7, 3) if attributes else (3, 7)
    place = const(-1, dtype="int32")
    nodes = [placeholder(), variable(*sizes), node("ReadVariableOp", 1), node("MatMul", 0, 2, **attributes), place]
    made = graph(*nodes, node("ArgMax", 3, 4, output_type="int64"))
    assert Walk(made).value(Tensor(5)).ids == 7


def test_weights_that_are_fed_may_be_of_any_size():
    place = const(-1, dtype="int32")
    nodes = [placeholder(), const(*[1.0] * 21, shape=(7, 3)), node("MatMul", 0, 1, transpose_b=True), place]
    nodes += [node("ArgMax", 2, 3, output_type="int64")]
    assert Walk(graph(*nodes)).value(Tensor(4)).ids == 7
    fed = graph(*nodes, inputs={"x": Tensor(0), "w": Tensor(1)})
    assert Walk(fed).value(Tensor(4)).ids is None
