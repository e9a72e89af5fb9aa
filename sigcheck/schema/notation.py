"""The short notation of a spec, the one that messages print.

float32[?, 224, 224, 3]     a dense tensor, the first size unknown
ragged string[?, None]      rows of varying length
sparse float32[?, 1000]
float32[*]                  unknown rank
float32[]                   a scalar

Where sizes have names these stand for ?: float32[batch, height, 2*(width // 2), 3].
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sigcheck.schema.constraint import NamedSizes
from sigcheck.schema.size_text import parse_size
from sigcheck.schema.tensor_spec import SpecKind, TensorSpec

# 2^63 - 1, the most entries that an axis has, is of 19 digits.
_MOST_DIGITS = 19
_PATTERN = re.compile(r"\s*(?:(dense|ragged|sparse)\s+)?(\w+)\s*\[([^\[\]]*)\]\s*")


def parse_spec(text: str) -> TensorSpec:
    """The spec that `str(spec)` would print as this text.

    Raises ValueError where the text is not in the notation.

    >>> str(parse_spec("float32[?, 10]")), str(parse_spec("ragged int64[?, None, 4]"))
    ('float32[?, 10]', 'ragged int64[?, None, 4]')
    """
    kind, dtype, sizes = _parts(text)
    for size in sizes:
        if size not in {"?", "None"} and not size.isdecimal() and sizes != ["*"]:
            raise ValueError(f"{text!r}: {size!r} is no size; write a whole number, ? or None")
    return _spec(text, kind, dtype, sizes)


def parse_sized(text: str) -> tuple[TensorSpec, NamedSizes | None]:
    """The spec, and its sizes where some have names. Raises ValueError as `parse_spec` does.

    >>> spec, sizes = parse_sized("float32[batch, 2*(t // 2), 3]")
    >>> str(spec), sizes
    ('float32[?, ?, 3]', ('batch', '2*(t // 2)', 3))
    """
    kind, dtype, sizes = _parts(text)
    named = [size for size in sizes if size not in {"?", "None", "*"} and not size.isdecimal()]
    if not named or kind != "dense":
        return parse_spec(text), None
    for size in named:
        _require_size(text, size)
    told: NamedSizes = tuple(int(size) if size.isdecimal() else None if size == "?" else size for size in sizes)
    return _spec(text, kind, dtype, ["?" if size in named else size for size in sizes]), told


def _require_size(text: str, size: str) -> None:
    try:
        parse_size(size)
    except ValueError as error:
        raise ValueError(f"{text!r}: {size!r} is no size; write a whole number, a name or ? ({error})") from None


def _parts(text: str) -> tuple[SpecKind, str | None, list[str]]:
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no spec; write it like 'float32[?, 10]' or 'ragged string[?, None]'")
    kind: SpecKind = found[1] or "dense"  # type: ignore[assignment]  # the pattern admits the three kinds only
    sizes = list(_split(found[3])) if found[3].strip() else []
    for size in sizes:
        if size.isdecimal() and len(size) > _MOST_DIGITS:
            raise ValueError(
                f"{text[:80]!r}: a size of {len(size)} digits is none; no axis has more than 2^63 - 1 entries"
            )
    return kind, None if found[2] == "unknown" else found[2], sizes


def _split(text: str) -> Iterator[str]:
    """Yields what stands between commas; those in brackets are part of a size."""
    start = depth = 0
    for at, one in enumerate(text):
        depth += {"(": 1, ")": -1}.get(one, 0)
        if one == "," and not depth:
            yield text[start:at].strip()
            start = at + 1
    yield text[start:].strip()


def _spec(text: str, kind: SpecKind, dtype: str | None, sizes: list[str]) -> TensorSpec:
    if sizes == ["*"]:
        return TensorSpec(kind=kind, dtype=dtype, shape=None, ragged_rank=1 if kind == "ragged" else None)
    shape = tuple(int(size) if size.isdecimal() else None for size in sizes)
    ragged_rank = max((axis for axis, size in enumerate(sizes) if size == "None"), default=0)
    if kind == "ragged" and ragged_rank == 0:
        raise ValueError(f"{text!r}: write the ragged axes as None, as in 'ragged float32[?, None, 4]'")
    return TensorSpec(kind=kind, dtype=dtype, shape=shape, ragged_rank=ragged_rank if kind == "ragged" else None)
