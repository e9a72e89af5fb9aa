"""Decode raw: numbers from strings that hold their bytes.

## What it does
Reads each string that the producer declares to hold the bytes of numbers (`raw_uint8`, `raw_int16`, `raw_float32` and
so on; with `_be` behind it the most significant byte stands first) as these numbers, behind the axes of the strings.
Where the consumer wants axes of known sizes, as many numbers as these hold.

## Example
    tf.io.decode_raw(x, tf.int16)    string[?], meaning raw_int16 -> int16[?, ?]

## What it loses or assumes
Nothing. Strings of another length, or of part of a number, are refused when the adapter runs, and so are strings of
several lengths. In which order the numbers stand along several axes is an assumption of the step that splits them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.raw import UnreadRawError, is_little_endian, raw_dtype, read_raw
from sigcheck.transforms.parts.transform import Code

NAME = "decode_raw"
ORDER = 357
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "dtype", "meaning", "padding", "ids", "encoding", "colours", "boxes"})
TAKES: Forms = frozenset({"dense", "text"})
HAS_KERAS = False

_DECODE = '''
def _decode_raw(texts, dtype, length):
    """The numbers of which strings hold the bytes: as many in each."""
    texts = np.asarray(texts, object)
    rows = [np.frombuffer(text, dtype) for text in texts.reshape(-1).tolist()]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("strings of several lengths, expected one")
    made = np.stack(rows) if rows else np.zeros((0, length // dtype.itemsize), dtype)
    return made.reshape(*texts.shape, made.shape[-1]).astype(made.dtype.newbyteorder("="))
'''


_LENGTHS = '''
def _byte_lengths(texts):
    """How many bytes each string has."""
    return np.array([len(text) for text in np.asarray(texts, object).reshape(-1)], np.int64)
'''


def _lengths_in_numpy(arguments: Mapping[str, str]) -> str:
    return f"_byte_lengths({arguments['x']})"


def _in_numpy(arguments: Mapping[str, str]) -> str:
    order = ">" if arguments.get("little_endian") == "False" else "<"
    dtype, length = f'np.dtype({arguments["dtype"]}).newbyteorder("{order}")', arguments.get("fixed_length", "0")
    return f"_decode_raw({arguments['x']}, {dtype}, {length})"


NUMPY_CALLS = {
    "tf.io.decode_raw": NumpyCall(("x", "dtype", "little_endian", "fixed_length"), _in_numpy, {"_decode_raw": _DECODE}),
    "tf.bitcast": NumpyCall(("x", "dtype"), "({x}).view({dtype})"),
    "tf.strings.length": NumpyCall(("x",), _lengths_in_numpy, {"_byte_lengths": _LENGTHS}),
}


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the numbers of strings that are declared to hold their bytes.

    >>> sound = TensorSpec(dtype="string", shape=(None,), facts=Facts(meaning="raw_int16_be"))
    >>> [str(step) for step in propose(sound, TensorSpec(dtype="float32", shape=(None, 400)))]
    ['decode_raw(dtype=int16, order=big_endian, count=400)']
    """
    shape, wanted, meaning = spec.shape, required.shape, spec.facts.meaning
    dtype = raw_dtype(meaning)
    if spec.kind != "dense" or spec.dtype != "string" or dtype is None or meaning is None or shape is None:
        return
    if required.kind != "dense" or required.dtype in {None, "string"} or wanted is None or len(wanted) < len(shape):
        return
    inner = wanted[len(shape) :]
    sizes = [size for size in inner if size is not None]
    if not inner or 0 in inner or (len(sizes) < len(inner) and len(inner) > 1):
        # Nothing says how many of the numbers belong to each axis; and nobody feeds none.
        return
    count = prod(sizes) if sizes else None
    names = spec.facts.axes
    facts = NO_FACTS if names is None else Facts(axes=(*names, None))
    result = TensorSpec(dtype=dtype, shape=(*shape, count), facts=facts)
    is_stacked = bool(shape) and count is None
    what = dtype if count is None else f"{count} {dtype}"
    yield Step(
        transform=NAME,
        arguments={
            "dtype": dtype,
            "order": "little_endian" if is_little_endian(meaning) else "big_endian",
            "count": count,
        },
        result=result,
        guard=f"{'every' if shape else 'the'} string is the bytes of {what}" + (", all as many" if is_stacked else ""),
        cost=Cost(guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.decode_raw`, which takes strings of one length, or fits them to a length: to none that they have not."""
    order = "" if step.arguments["order"] == "little_endian" else ", little_endian=False"
    dtype, count = step.arguments["dtype"], step.arguments["count"]
    if count is None:
        return Code(f"tf.io.decode_raw({value}, tf.{dtype}{order})")
    length = count * numpy_dtype(dtype).itemsize
    told = f'message="a string is not the bytes of {count} {dtype}"'
    lines = (f"tf.debugging.assert_equal(tf.strings.length({value}), {length}, {told})",)
    if dtype == "float16":
        # Of a given length TensorFlow has no kernel for these.
        bits = f"tf.io.decode_raw({value}, tf.uint16{order}, fixed_length={length})"
        return Code(f"tf.bitcast({bits}, tf.float16)", lines)
    return Code(f"tf.io.decode_raw({value}, tf.{dtype}{order}, fixed_length={length})", lines)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The numbers of each string. Raises GuardError for what is refused."""
    import numpy as np

    texts, count = dense(value), step.arguments["count"]
    try:
        rows = [read_raw(text, spec.facts.meaning or "") for text in texts.reshape(-1).tolist()]
    except UnreadRawError as error:
        raise GuardError(str(error)) from None
    if len({count, *map(len, rows)} - {None}) > 1:
        raise GuardError("strings of several or of other lengths")
    empty = np.zeros((0, count or 0), step.arguments["dtype"])
    made: Array = np.stack(rows) if rows else empty
    return made.reshape(*texts.shape, made.shape[-1])
