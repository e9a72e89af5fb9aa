"""Words that several rules use: numbers, ranges and lists as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sigcheck.schema.facts import Normalization, Quantization, Range
from sigcheck.schema.signature import Endpoint

# A per-channel list of hundreds says nothing more than its first numbers do.
_SHOWN_NUMBERS = 4

_SHOWN_ENDS = 4

# Below this power of ten every whole float64 prints all its digits.
_WHOLE_BELOW = 1e15


def number(value: float) -> str:
    """A number with up to six digits, whole numbers whole.

    >>> number(255.0), number(123.675), number(1e-05)
    ('255', '123.675', '1e-05')
    """
    return str(int(value)) if abs(value) < _WHOLE_BELOW and value == int(value) else f"{value:g}"


def numbers(values: Sequence[float]) -> str:
    """A list of numbers; one number stands alone.

    >>> numbers([127.5]), numbers([0.5, 1, 2]), numbers(range(9))
    ('127.5', '[0.5, 1, 2]', '[0, 1, 2, 3, ... 9 in all]')
    """
    if len(values) == 1:
        return number(values[0])
    shown = ", ".join(number(value) for value in values[:_SHOWN_NUMBERS])
    more = f", ... {len(values)} in all" if len(values) > _SHOWN_NUMBERS else ""
    return f"[{shown}{more}]"


def interval(ends: Range) -> str:
    """The range `[0, 255]`."""
    return f"[{number(ends[0])}, {number(ends[1])}]"


def normalization(fact: Normalization) -> str:
    """`mean 127.5 and std 127.5`, with the raw range where it is known."""
    of = f" of raw values in {interval(fact.raw_range)}" if fact.raw_range else ""
    return f"mean {numbers(fact.mean)} and std {numbers(fact.std)}{of}"


def quantization(fact: Quantization) -> str:
    """`scale 0.0078 and zero point -1`, with the axis where there are several."""
    along = "" if fact.axis is None else f" along axis {fact.axis}"
    return f"scale {numbers(fact.scale)} and zero point {numbers(fact.zero_point)}{along}"


def names(words: Iterable[str | None]) -> str:
    """Names side by side; one that is not known is `?`.

    >>> names(["batch", None])
    'batch, ?'
    """
    return ", ".join("?" if word is None else word for word in words)


def endpoints(ends: Sequence[Endpoint]) -> str:
    """`a: float32[?, 3] and b: float32[?, 5]`; of many the first few."""
    more = f" and {len(ends) - _SHOWN_ENDS} more" if len(ends) > _SHOWN_ENDS else ""
    return " and ".join(str(end) for end in ends[:_SHOWN_ENDS]) + more


def axes(positions: Sequence[int]) -> str:
    """`axis 1`, `axes 1 and 2`, `axes 1, 2 and 3`.

    >>> axes([1]), axes([1, 2, 3])
    ('axis 1', 'axes 1, 2 and 3')
    """
    words = [str(position) for position in positions]
    return f"axis {words[0]}" if len(words) == 1 else f"axes {', '.join(words[:-1])} and {words[-1]}"


def listed(words: Sequence[str]) -> str:
    """Names as they stand in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
