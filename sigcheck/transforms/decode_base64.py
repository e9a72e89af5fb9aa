"""Decode base64: bytes from the text that stands for them.

## What it does
Reads strings that the producer declares to be base64 (`base64`, RFC 4648 section 4, with + and /)
or its web-safe form (`base64_url`, section 5, with - and _) where the consumer declares that it
takes the bytes themselves, an encoded picture, pixels, or the other form.

## Example
    tf.io.decode_base64(x)    string[?], meaning base64_url -> string[?], meaning bytes

## What it loses or assumes
Nothing. A string that is no base64 is refused when the adapter runs; the padding with = may be
left out. Where the consumer takes pixels, that the bytes are a picture is an assumption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.meaning import HOLDING_FEATURES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.encoded import BYTES, FORMS
from sigcheck.transforms.parts.padding import left_empty, loses_filling
from sigcheck.transforms.parts.transform import Code

NAME = "decode_base64"
ORDER = 330
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "dtype", "meaning", "features", "padding"})
WRITES: Coordinates = frozenset({"meaning", "padding"})
TAKES: Forms = frozenset({"dense", "text"})
HAS_KERAS = False
HAS_NUMPY = False


# What tf.io.decode_base64 takes (base64.cc): padding may be left out, but not in part.
_WRITTEN = rb"([\w-]{4})*([\w-]{2}(==)?|[\w-]{3}=?)?"


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the bytes of strings that are declared to be base64.

    >>> from sigcheck.schema.facts import Facts
    >>> text, raw = (TensorSpec(dtype="string", shape=(None,), facts=Facts(meaning=m)) for m in ("base64", "bytes"))
    >>> [str(step) for step in propose(text, raw)]
    ['decode_base64(form=base64)']
    """
    form, wanted = spec.facts.meaning, required.facts.meaning
    if spec.kind != "dense" or spec.dtype != "string" or form not in FORMS or wanted in {None, form}:
        return
    if required.dtype == "string":
        meaning = wanted if wanted in BYTES else "bytes" if wanted in FORMS else None
    else:
        meaning = "encoded_image" if wanted == "pixels" else None
    if meaning is None or (spec.facts.features is not None and meaning not in HOLDING_FEATURES):
        return
    is_assumed = wanted == "pixels"
    result = spec.replace(facts=spec.facts.replace(meaning=meaning, padding=left_empty(spec.facts)))
    if loses_filling(spec, result, required):
        return
    yield Step(
        transform=NAME,
        arguments={"form": form},
        result=result,
        assumption="the bytes are those of a picture" if is_assumed else None,
        guard=f"every string is {form}",
        cost=Cost(assumptions=int(is_assumed), guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
        reach="element",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.decode_base64`, which reads the web-safe form only."""
    if step.arguments["form"] == "base64":
        value = f'tf.strings.regex_replace(tf.strings.regex_replace({value}, r"\\+", "-"), "/", "_")'
    return Code(f"tf.io.decode_base64({value})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The bytes of each string. Raises GuardError where one is no base64."""
    import base64

    import numpy as np

    array = dense(value)
    read: Array = np.empty(array.size, object)
    for at, text in enumerate(array.reshape(-1).tolist()):
        safe = text.replace(b"+", b"-").replace(b"/", b"_") if step.arguments["form"] == "base64" else text
        if not re.fullmatch(_WRITTEN, safe):
            raise GuardError(f"{text!r:.40} is no {step.arguments['form']}")
        read[at] = base64.urlsafe_b64decode(safe.rstrip(b"=") + b"=" * (-len(safe.rstrip(b"=")) % 4))
    return read.reshape(array.shape)
