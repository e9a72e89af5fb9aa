"""Encode base64: a text that stands for bytes.

## What it does
Writes strings that the producer declares to be bytes, or encoded pictures, in the form that the
consumer declares: `base64` (RFC 4648 section 4: + and /, padded with =) or `base64_url` (section
5: - and _, not padded, as TensorFlow writes it).

## Example
    tf.io.encode_base64(x)    string[?], meaning bytes -> string[?], meaning base64_url

## What it loses or assumes
Nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.encoded import BYTES, FORMS
from sigcheck.transforms.parts.padding import left_empty, loses_filling
from sigcheck.transforms.parts.transform import Code

NAME = "encode_base64"
ORDER = 340
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "dtype", "meaning", "padding"})
WRITES: Coordinates = frozenset({"meaning", "padding"})
TAKES: Forms = frozenset({"dense", "text"})
MEETS: Forms = frozenset({"text"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the text of bytes where a form of base64 is required.

    >>> from sigcheck.schema.facts import Facts
    >>> raw, text = (TensorSpec(dtype="string", shape=(None,), facts=Facts(meaning=m)) for m in ("bytes", "base64"))
    >>> [str(step) for step in propose(raw, text)]
    ['encode_base64(form=base64)']
    """
    form = required.facts.meaning
    if spec.kind != "dense" or {spec.dtype, required.dtype} != {"string"}:
        return
    if spec.facts.meaning not in BYTES or form not in FORMS:
        return
    result = spec.replace(facts=spec.facts.replace(meaning=form, padding=left_empty(spec.facts)))
    if loses_filling(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={"form": form},
        result=result,
        cost=Cost(bytes_moved=bytes_moved(spec, result), steps=1),
        reach="element",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.encode_base64`, which writes the web-safe form."""
    if step.arguments["form"] == "base64_url":
        return Code(f"tf.io.encode_base64({value})")
    safe = f"tf.io.encode_base64({value}, pad=True)"
    return Code(f'tf.strings.regex_replace(tf.strings.regex_replace({safe}, "-", "+"), "_", "/")')


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The base64 of each string, by Python's own writer."""
    import base64

    import numpy as np

    array = dense(value)
    is_safe = step.arguments["form"] == "base64_url"
    written: Array = np.empty(array.size, object)
    written[:] = [
        base64.urlsafe_b64encode(raw).rstrip(b"=") if is_safe else base64.b64encode(raw)
        for raw in array.reshape(-1).tolist()
    ]
    return written.reshape(array.shape)
