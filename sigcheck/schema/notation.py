"""The short notation of a spec, the one that messages print.

float32[?, 224, 224, 3]     a dense tensor, the first size unknown
ragged string[?, None]      rows of varying length
sparse float32[?, 1000]
float32[*]                  unknown rank
float32[]                   a scalar
"""

from __future__ import annotations

import re

from sigcheck.schema.tensor_spec import SpecKind, TensorSpec

_PATTERN = re.compile(r"\s*(?:(dense|ragged|sparse)\s+)?(\w+)\s*\[([^\[\]]*)\]\s*")


def parse_spec(text: str) -> TensorSpec:
    """The spec that `str(spec)` would print as this text.

    Raises ValueError where the text is not in the notation.

    >>> str(parse_spec("float32[?, 10]")), str(parse_spec("ragged int64[?, None, 4]"))
    ('float32[?, 10]', 'ragged int64[?, None, 4]')
    """
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no spec; write it like 'float32[?, 10]' or 'ragged string[?, None]'")
    kind: SpecKind = found[1] or "dense"  # type: ignore[assignment]  # the pattern admits the three kinds only
    dtype = None if found[2] == "unknown" else found[2]
    sizes = [size.strip() for size in found[3].split(",")] if found[3].strip() else []
    if sizes == ["*"]:
        return TensorSpec(kind=kind, dtype=dtype, shape=None, ragged_rank=1 if kind == "ragged" else None)
    for size in sizes:
        if size not in {"?", "None"} and not size.isdecimal():
            raise ValueError(f"{text!r}: {size!r} is no size; write a whole number, ? or None")
    shape = tuple(int(size) if size.isdecimal() else None for size in sizes)
    ragged_rank = max((axis for axis, size in enumerate(sizes) if size == "None"), default=0)
    if kind == "ragged" and ragged_rank == 0:
        raise ValueError(f"{text!r}: write the ragged axes as None, as in 'ragged float32[?, None, 4]'")
    return TensorSpec(kind=kind, dtype=dtype, shape=shape, ragged_rank=ragged_rank if kind == "ragged" else None)
