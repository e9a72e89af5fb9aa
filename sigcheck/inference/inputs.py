"""Inputs: what the first operations that read an input say of what it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sigcheck.graph.view import Node
from sigcheck.inference.forms import rows_read
from sigcheck.inference.forward import Arrival
from sigcheck.inference.operands import number_of, shape_of
from sigcheck.inference.parsed_examples import EXAMPLE_PARSERS, SEQUENCE_PARSERS, features_of
from sigcheck.inference.scalings import raw_range
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.meaning import RAW, Meaning
from sigcheck.schema.tensor_spec import TensorSpec

_SPATIAL = frozenset({"Conv2D", "DepthwiseConv2dNative", "MaxPool", "AvgPool", "FusedBatchNormV3"})
_AXES = {
    "NHWC": ("batch", "height", "width", "channel"),
    "NCHW": ("batch", "channel", "height", "width"),
}
_PICTURE_RANK = 4
_PICTURE_DECODERS = ("DecodeJpeg", "DecodePng", "DecodeImage", "DecodeBmp", "DecodeGif", "DecodeAndCropJpeg")
# Operations that read one form of strings only, and what the form is called.
_FORMS: Mapping[str, Meaning] = {
    **dict.fromkeys(_PICTURE_DECODERS, "encoded_image"),
    **dict.fromkeys(EXAMPLE_PARSERS, "serialized_example"),
    **dict.fromkeys(SEQUENCE_PARSERS, "serialized_sequence_example"),
    "DecodeWav": "wav",
    "DecodeCSV": "csv",
    "ParseTensor": "serialized_tensor",
    "DecodeRaw": "bytes",
    "DecodePaddedRaw": "bytes",
    "DecodeBase64": "base64_url",
}
_NUMBERS = frozenset({"float", "int", "uint"})


def claims(arrivals: Sequence[Arrival], spec: TensorSpec) -> Iterator[Inferred]:
    """Yields the claims of an input that arrives at these operations."""
    if not arrivals or spec.dtype not in DTYPES:
        return
    if DTYPES[spec.dtype].kind in _NUMBERS:
        yield from _scaling(arrivals, spec)
        yield from _reach(arrivals, spec)
        yield from _rows(arrivals)
        yield from _axes(arrivals, spec)
    if all(arrival.node.op == "Softmax" and arrival.is_plain and arrival.is_in_place for arrival in arrivals):
        yield Inferred(name="softmax_applied", value=True, tier="proved", reason="Softmax of the input itself")
    if spec.dtype == "string":
        yield from _form(arrivals)


def _form(arrivals: Sequence[Arrival]) -> Iterator[Inferred]:
    """The form of strings, where all operations that read them read the same one, and what Examples must hold."""
    read = [one for arrival in arrivals for one in _read(arrival)]
    forms = {_form_of(node) if operand == 0 else None for node, operand in read}
    form = forms.pop()
    if forms or form is None:
        return
    reason = read[0][0].op
    yield Inferred(name="meaning", value=form, tier="proved", reason=reason)
    # Of what several functions parse it is not said.
    if form in {"serialized_example", "serialized_sequence_example"} and len({one.scope for one in arrivals}) == 1:
        features = features_of(arrivals[0].scope.graph, [one.node for one in arrivals])
        if features is not None:
            yield Inferred(name="features", value=features, tier="proved", reason=reason)


def _read(arrival: Arrival) -> Sequence[tuple[Node, int]]:
    """The operation that strings arrive at, and at which operand; where a loop takes them row by row those in it."""
    rows = None
    if arrival.operand == 0 and arrival.node.op == "TensorListFromTensor":
        rows = rows_read(arrival.scope.graph, arrival.number)
    return [(arrival.node, arrival.operand)] if rows is None else rows


def _form_of(node: Node) -> Meaning | None:
    """The form of strings that an operation reads; of bytes of numbers which ones, but of single bytes, as any are."""
    form = _FORMS.get(node.op)
    if form != "bytes":
        return form
    told = node.attributes
    raw: Any = f"raw_{told.get('out_type')}{'' if told.get('little_endian', True) else '_be'}"
    return form if raw not in RAW or raw in {"raw_uint8", "raw_int8"} else raw


def _scaling(arrivals: Sequence[Arrival], spec: TensorSpec) -> Iterator[Inferred]:
    """A range, where all branches scale the input alike and as pictures are scaled."""
    first = arrivals[0]
    if any((one.scale, one.offset) != (first.scale, first.offset) for one in arrivals) or first.is_plain:
        return
    if spec.facts.quantization is not None:
        # What is scaled there are stored numbers: of the real ones, of which a range would be, that says nothing.
        return
    found = raw_range(first.scale, first.offset)
    limits = DTYPES[spec.dtype or ""]
    if found is None or limits.lowest is None or limits.highest is None or found[1] > limits.highest:
        return
    yield Inferred(name="range", value=found, tier="convention", reason=", then ".join(first.steps))


def _reach(arrivals: Sequence[Arrival], spec: TensorSpec) -> Iterator[Inferred]:
    """The range of float values that are quantized at once, and cut off beyond it, in all branches alike."""
    reach = arrivals[0].reach
    is_alike = all(one.reach == reach and one.is_plain for one in arrivals)
    if reach is None or not is_alike or DTYPES[spec.dtype or ""].kind != "float":
        return
    low, high = (float(f"{end:.6g}") for end in reach)
    if low < high:
        yield Inferred(name="range", value=(low, high), tier="read", reason="Quantize cuts off what lies beyond")


def _rows(arrivals: Sequence[Arrival]) -> Iterator[Inferred]:
    """The rows of the smallest table that the input is an index of."""
    found: list[tuple[int, str]] = []
    for arrival in arrivals:
        rows = _table_rows(arrival)
        offset = arrival.offset[0]
        if rows is None or arrival.scale != (1.0,) or len(arrival.offset) > 1 or offset != int(offset):
            continue
        count = rows - int(offset)
        if count >= 1 and not arrival.is_cast_down:
            shifted = f", of the input {'plus' if offset > 0 else 'minus'} {abs(int(offset))}" if offset else ""
            found.append((count, f"{arrival.node.op} from a table of {rows} rows{shifted}"))
    if found:
        count, reason = min(found)
        yield Inferred(name="id_count", value=count, tier="proved", reason=reason)


def _table_rows(arrival: Arrival) -> int | None:
    node = arrival.node
    if arrival.operand != 1 or node.op not in {"ResourceGather", "GatherV2", "Gather"}:
        return None
    if node.attributes.get("batch_dims", 0) != 0:
        return None
    graph, given = arrival.scope.graph, arrival.scope.walk.given
    if node.op == "GatherV2" and (len(node.inputs) < 3 or number_of(graph, node.inputs[2], given) != 0):  # noqa: PLR2004  # the third is the axis
        return None
    shape = shape_of(graph, node.inputs[0], given)
    return shape[0] if shape else None


def _axes(arrivals: Sequence[Arrival], spec: TensorSpec) -> Iterator[Inferred]:
    """Axes names, where a picture's operation reads the input as it lies and no other disagrees."""
    spatial = [one for one in arrivals if one.node.op in _SPATIAL and one.operand == 0]
    if not spatial or spec.rank != _PICTURE_RANK or not all(one.is_in_place for one in spatial):
        return
    formats = {str(one.node.attributes.get("data_format", "NHWC")) for one in spatial}
    if len(formats) == 1 and (axes := _AXES.get(formats.pop())) is not None:
        yield Inferred(name="axes", value=axes, tier="convention", reason=f"{spatial[0].node.op} reads it so")
