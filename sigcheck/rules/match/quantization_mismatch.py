"""Quantized numbers meet real ones, or quantized ones of another scale.

## What it does
Finds an output and an input of which at least one is quantized, where the numbers do not
mean the same: real = scale * (q - zero_point).

It speaks for the dtype too: no `dtype_mismatch` stands beside it.

## Why is this bad?
A plain cast from int8 to float32 gives -128 to 127 where -1 to 1 was meant. Two int8 tensors
of different scales fit in shape and dtype and differ in every value.

## Example
    x: warning[quantization_mismatch]: required float32 real numbers, provided int8 of scale 0.0078 and zero point -1
      required  x: float32[?, 16]
      provided  q: int8[?, 16]
      help      the adapter does it: dequantize(...)

## What to do
Use the adapter. Where a file carries no scale, declare it with
`--fact 'producer.q.quantization={"scale": 0.0078, "zero_point": -1}'`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import quantization
from sigcheck.schema.agreement import numbers_held
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "quantization_mismatch"
ORDER = 200
LEVEL: Level = "warning"

_HELP = "correct the declared scale and zero point, or convert in one of the models"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose numbers are quantized differently."""
    for course in match.courses:
        if "quantization" in course.conflicts:
            said = f"required {_numbers(course.required)}, provided {_numbers(course.provided)}"
            yield course.mismatch("quantization", NAME, LEVEL, said, _HELP)


def _numbers(spec: TensorSpec) -> str:
    fact = spec.facts.quantization
    if fact is not None:
        return f"{spec.dtype} of {quantization(fact)}"
    is_whole = DTYPES[spec.dtype or "variant"].kind in {"int", "uint"}
    if not is_whole:
        return f"{spec.dtype} real numbers"
    is_unknown = numbers_held(spec) is None
    return f"{spec.dtype} {'of which nothing says what they stand for' if is_unknown else 'that stand for themselves'}"
