"""Message: protobuf messages decoded to dicts by tables, and those of TensorFlow that hold signatures.

The tables name the fields that are read, here from TensorFlow's `core/framework` and `core/protobuf`;
all other fields are stepped over. An absent field is an absent key: proto3 writes no zeros, and
absent, empty and zero differ in shapes. Other formats have tables of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from sigcheck.encodings.wire import (
    CONTINUES,
    LENGTH,
    MAX_DEPTH,
    VARINT,
    WireField,
    float_of,
    read_field,
    read_varint,
    signed,
    zigzag,
)
from sigcheck.schema.budget import spend
from sigcheck.schema.dtype import DTYPES

Message = dict[str, Any]

# Two bytes can become a dict: no field of a real model stands more often.
MAX_ENTRIES = 200_000


class Field(NamedTuple):
    """A field of a message.

    `kind` is int, sint, bool, float (of 4 or 8 bytes, never in a list), text, or the name of a message; `form` is one,
    many, or map
    (from text to `kind`, which is text or a message). A map of `raw` keeps its messages encoded, to be decoded one
    by one. `most` bounds how often it may stand.
    """

    name: str
    kind: str
    form: str = "one"
    most: int = MAX_ENTRIES


class Messages:
    """The messages of one format, each a table of its fields by number, and the names of the values of its enums."""

    def __init__(self, tables: Mapping[str, Mapping[int, Field]], enums: Mapping[str, int]) -> None:
        self.tables, self.enums = tables, enums

    @cached_property
    def by_name(self) -> Mapping[str, Mapping[str, Field]]:
        """The same tables by the names of the fields, as the text format has them."""
        return {kind: {field.name: field for field in table.values()} for kind, table in self.tables.items()}


def fields(**written: str) -> dict[int, Field]:
    """`name="NUMBER KIND [FORM [MOST]]"` as a table by number."""
    table: dict[int, Field] = {}
    for name, text in written.items():
        number, kind, *rest = text.split()
        form = rest[0] if rest else "one"
        table[int(number)] = Field(name, kind, form, int(rest[1]) if rest[1:] else MAX_ENTRIES)
    return table


_TABLES: dict[str, dict[int, Field]] = {
    # saved_model.proto, meta_graph.proto. The graph and the object graph are spans: see `scan`.
    "SavedModel": fields(saved_model_schema_version="1 int", meta_graphs="2 MetaGraphDef many"),
    "MetaGraphDef": fields(
        meta_info_def="1 MetaInfoDef",
        graph_def="2 GraphLibrary",
        signature_def="5 SignatureDef map",
        object_graph_def="7 SavedObjectGraph",
    ),
    "MetaInfoDef": fields(tags="4 text many", tensorflow_version="5 text"),
    "SignatureDef": fields(
        inputs="1 TensorInfo map 10000", outputs="2 TensorInfo map 10000", defaults="4 NoneValue map"
    ),
    "TensorInfo": fields(
        name="1 text",
        dtype="2 int",
        tensor_shape="3 TensorShapeProto",
        coo_sparse="4 CooSparse",
        composite_tensor="5 CompositeTensor",
    ),
    "CooSparse": fields(values_tensor_name="1 text", indices_tensor_name="2 text", dense_shape_tensor_name="3 text"),
    "CompositeTensor": fields(type_spec="1 TypeSpecProto", components="2 TensorInfo many"),
    # tensor_shape.proto
    "TensorShapeProto": fields(dim="2 Dim many 254", unknown_rank="3 bool"),
    "Dim": fields(size="1 int", name="2 text"),
    # struct.proto
    "StructuredValue": fields(
        none_value="1 NoneValue",
        int64_value="12 sint",
        string_value="13 text",
        bool_value="14 bool",
        tensor_shape_value="31 TensorShapeProto",
        tensor_dtype_value="32 int",
        tensor_spec_value="33 TensorSpecProto",
        type_spec_value="34 TypeSpecProto",
        bounded_tensor_spec_value="35 TensorSpecProto",
        list_value="51 ListValue",
        tuple_value="52 ListValue",
        dict_value="53 DictValue",
        named_tuple_value="54 NamedTupleValue",
    ),
    "NoneValue": {},
    "TensorSpecProto": fields(name="1 text", shape="2 TensorShapeProto", dtype="3 int"),
    "TypeSpecProto": fields(
        type_spec_class="1 int",
        type_state="2 StructuredValue",
        type_spec_class_name="3 text",
        num_flat_components="4 int",
    ),
    "ListValue": fields(values="1 StructuredValue many"),
    "DictValue": fields(fields="1 StructuredValue map"),
    "NamedTupleValue": fields(name="1 text", values="2 PairValue many"),
    "PairValue": fields(key="1 text", value="2 StructuredValue"),
    # saved_object_graph.proto
    "SavedObjectGraph": fields(nodes="1 SavedObject many", concrete_functions="2 SavedConcreteFunction map"),
    "SavedObject": fields(
        children="1 ObjectReference many", function="6 SavedFunction", bare_concrete_function="8 SavedBareFunction"
    ),
    "ObjectReference": fields(node_id="1 int", local_name="2 text"),
    # The same graph where only few functions are wanted: most nodes have nothing but edges.
    "SavedCallables": fields(nodes="1 SavedCallable many", concrete_functions="2 raw map"),
    "SavedCallable": fields(bare_concrete_function="8 SavedBareFunction"),
    "SavedFunction": fields(concrete_functions="1 text many"),
    "SavedBareFunction": fields(concrete_function_name="1 text", argument_keywords="2 text many"),
    "SavedConcreteFunction": fields(
        canonicalized_input_signature="3 StructuredValue", output_signature="4 StructuredValue"
    ),
    # The same function where only its inputs are wanted.
    "SavedInputs": fields(canonicalized_input_signature="3 StructuredValue"),
    # graph.proto, node_def.proto, attr_value.proto, function.proto, op_def.proto
    "GraphDef": fields(node="1 NodeDef many", versions="4 VersionDef"),
    "VersionDef": fields(producer="1 int"),
    # A node without its attributes, which hold the weights.
    "NodeHead": fields(name="1 text", op="2 text", input="3 text many"),
    # The graph of a SavedModel, of which only the functions are wanted.
    "GraphLibrary": fields(library="2 FunctionDefLibrary"),
    "NodeDef": fields(name="1 text", op="2 text", input="3 text many", attr="5 AttrValue map"),
    "AttrValue": fields(type="6 int", shape="7 TensorShapeProto", list="1 AttrList", func="10 NameAttrList"),
    "AttrList": fields(shape="7 TensorShapeProto many"),
    "NameAttrList": fields(name="1 text"),
    "FunctionDefLibrary": fields(function="1 FunctionDef many"),
    "FunctionDef": fields(signature="1 OpDef", node_def="3 NodeDef many"),
    "OpDef": fields(name="1 text", input_arg="2 ArgDef many"),
    "ArgDef": fields(name="1 text"),
}

# types.proto: the names of three dtypes are not those that they have in Python.
_C_NAMES = {"DT_FLOAT": 1, "DT_DOUBLE": 2, "DT_HALF": 19}
_DTYPE_NUMBERS = {f"DT_{dtype.name.upper()}": dtype.number for dtype in DTYPES.values()} | _C_NAMES
# types.proto, struct.proto: the enums that the int fields of the tables may hold by name.
_ENUMS = {
    **_DTYPE_NUMBERS,
    **{f"{name}_REF": number + 100 for name, number in _DTYPE_NUMBERS.items()},
    "DT_INVALID": 0,
    "SPARSE_TENSOR_SPEC": 1,
    "INDEXED_SLICES_SPEC": 2,
    "RAGGED_TENSOR_SPEC": 3,
}

TENSORFLOW = Messages(_TABLES, _ENUMS)

_KEY_TAG, _VALUE_TAG = 1 << 3 | LENGTH, 2 << 3 | LENGTH
_INT_KINDS = frozenset({"int", "sint", "bool"})
_NUMBER_KINDS = _INT_KINDS | {"float"}


def decode(kind: str, data: bytes, depth: int = 0, messages: Messages = TENSORFLOW) -> Message:
    """The fields of a message as a dict; repeated ones as lists, maps as dicts.

    As in protobuf, the last of a field that is there twice counts, and messages that are
    there twice are merged. Raises ValueError where the bytes are no such message.
    """
    if depth > MAX_DEPTH:
        raise ValueError(f"messages nested more than {MAX_DEPTH} deep")
    table = messages.tables[kind]
    message: Message = {}
    at, stop, steps = 0, len(data), 1
    while at < stop:
        begin = at
        steps += 1
        tag = data[at]
        at += 1
        if tag >= CONTINUES:
            tag, at = read_varint(data, begin)
        wire_type = tag & 7
        field = table.get(tag >> 3)
        if wire_type == LENGTH and tag > LENGTH:
            # One byte in most cases; a call for each would be half of the time.
            length = data[at] if at < stop else CONTINUES
            at += 1
            if length >= CONTINUES:
                length, at = read_varint(data, at - 1)
            end = at + length
            if end > stop:
                raise ValueError(f"cut short: {length} bytes announced, {stop - at} there")
            if field is not None and field.kind not in _NUMBER_KINDS:
                _add(message, field, data[at:end], depth, messages)
            at = end
        elif wire_type == VARINT and tag > LENGTH:
            number, at = read_varint(data, at)
            if field is not None and field.kind in _INT_KINDS:
                message[field.name] = _number(field.kind, number)
        else:
            found, at = read_field(data, begin, stop)
            _add_float(message, field, found)
    spend(steps)
    return message


def _add(message: Message, field: Field, data: bytes, depth: int, messages: Messages) -> None:
    name, kind, form, most = field
    if form != "one" and len(message.get(name, ())) >= most:
        raise ValueError(f"more than {most} entries in {name}")
    if form == "map":
        key, entry = decode_entry(kind, data, depth, messages)
        message.setdefault(name, {})[key] = entry
        return
    value: Any = data.decode() if kind == "text" else decode(kind, data, depth + 1, messages)
    if form == "many":
        message.setdefault(name, []).append(value)
    elif kind != "text" and name in message:
        merge(message[name], value)
    else:
        message[name] = value


def _add_float(message: Message, field: Field | None, found: WireField | None) -> None:
    """What is neither a varint nor has a length: a float where the table says so, or stepped over."""
    if field is not None and field.kind == "float" and found is not None and isinstance(found.value, bytes):
        message[field.name] = float_of(found.value)


def decode_entry(kind: str, data: bytes, depth: int = 0, messages: Messages = TENSORFLOW) -> tuple[str, Any]:
    """Key and value of a map entry, which is a message of its own: the key is its field 1, the value field 2."""
    key = value = b""
    at, stop = 0, len(data)
    while at < stop:
        tag = data[at]
        if tag not in {_KEY_TAG, _VALUE_TAG}:
            _, at = read_field(data, at, stop)
            continue
        length, at = read_varint(data, at + 1)
        end = at + length
        if end > stop:
            raise ValueError(f"cut short: {length} bytes announced, {stop - at} there")
        if tag == _KEY_TAG:
            key = data[at:end]
        else:
            value += data[at:end]
        at = end
    if kind == "raw":
        return key.decode(), value
    return key.decode(), value.decode() if kind == "text" else decode(kind, value, depth + 1, messages)


def merge(message: Message, other: Message) -> None:
    """Adds what protobuf adds when a message stands twice: lists grow, the rest is replaced."""
    for name, value in other.items():
        if isinstance(value, list):
            message.setdefault(name, []).extend(value)
        elif isinstance(value, dict) and name in message:
            merge(message[name], value)
        else:
            message[name] = value


def _number(kind: str, number: int) -> int | bool:
    if kind == "bool":
        return number != 0
    return zigzag(number) if kind == "sint" else signed(number)
