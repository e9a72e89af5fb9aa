"""Text: what data showed, tensor by tensor, for people."""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.observation.choice import candidates
from sigcheck.reports.parts.length_table import length_table
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.observation import NumbersObserved, Observation, TensorObserved, TextsObserved
from sigcheck.schema.printable import printable, without_commands

NAME = "text"

# More than these are read by programs.
_MOST_SHOWN = 8


def render_observation(observation: Observation, side: str, page: Page = DEFAULT_PAGE) -> str:
    """A block for each tensor: its spec, its numbers, what its rows look like."""
    rows = max((tensor.rows + tensor.missing for tensor in observation.tensors), default=0)
    count = len(observation.files)
    head = f"{count} file{'' if count == 1 else 's'}, {rows:,} row{'' if rows == 1 else 's'}"
    blocks = [[head], *(_tensor(tensor, page) for tensor in observation.tensors)]
    if observation.left_out:
        blocks.append(_left_out(observation, page))
    return without_commands("\n\n".join("\n".join(block) for block in blocks))


def _left_out(observation: Observation, page: Page) -> list[str]:
    shown = ", ".join(printable(str(one)) for one in observation.left_out)
    told = f"{shown}: observed are numbers, texts and lists of them; convert what is needed"
    return page.wrap(told, first="left out    ", rest=" " * 12)


def _tensor(tensor: TensorObserved, page: Page) -> list[str]:
    lines = [f"{page.paint(printable(tensor.name), 'bold')}  {tensor.spec}"]
    for name, told in _told(tensor):
        lines += page.wrap(told, first=f"  {name:<10}", rest=" " * 12)
    if tensor.lengths:
        lines += ["", *length_table(candidates(tensor.lengths), page)]
    return lines


def _told(tensor: TensorObserved) -> Iterator[tuple[str, str]]:
    yield "rows", f"{tensor.rows:,}" + (f", {tensor.missing:,} without a value" if tensor.missing else "")
    if tensor.nulls:
        yield "nulls", f"{tensor.nulls:,} without a value within rows: counted in lengths, in no other number"
    if tensor.entries:
        counts = [count for count, _ in tensor.entries]
        mean = sum(count * rows for count, rows in tensor.entries) / tensor.rows
        yield "entries", f"{min(counts):,} to {max(counts):,} in a row, mean {mean:.6g}"
    varying = [
        f"axis {axis} from {low} to {high}" for axis, (low, high) in enumerate(tensor.sizes, start=1) if low != high
    ]
    if varying:
        yield "sizes", ", ".join(varying)
    if tensor.numbers is not None:
        yield from _numbers(tensor.numbers)
    if tensor.texts is not None:
        yield from _texts(tensor.texts)
    if len(tensor.channels) > _MOST_SHOWN:
        yield "last axis", f"each of its {len(tensor.channels)} entries is in the JSON"
    else:
        yield from ((f"[..., {at}]", _ends(channel)) for at, channel in enumerate(tensor.channels))
    if tensor.sums_to_one:
        yield "sums", "each row to one, nothing negative"
    if tensor.padding is not None:
        share, side = tensor.padding.rows / tensor.rows, tensor.padding.side
        yield "padding", f"{tensor.padding.value:g} fills the {_END[side]} of {share:.1%} of the rows, twice or more"


# float64 has all whole numbers up to there.
_ALL_DIGITS = 2**53
_END = {"post": "end", "pre": "begin"}


def _numbers(numbers: NumbersObserved) -> Iterator[tuple[str, str]]:
    whole = ", all whole" if numbers.is_whole else ""
    yield "values", f"{_ends(numbers)}{whole}"
    if numbers.quantiles:
        yield "quantiles", ", ".join(f"p{share * 100:g}={value:.6g}" for share, value in numbers.quantiles)
    odd = [
        f"{count:,} {name} ({count / numbers.count:.2%})"
        for name, count in (("zeros", numbers.zeros), ("NaN", numbers.nan), ("infinite", numbers.infinite))
        if count
    ]
    if odd:
        yield "of these", ", ".join(odd)
    if numbers.distinct is not None and numbers.is_whole:
        yield "distinct", f"{numbers.distinct:,}"


def _ends(numbers: NumbersObserved) -> str:
    if numbers.least is None or numbers.greatest is None:
        return "no finite number"
    least, greatest = _end(numbers.least), _end(numbers.greatest)
    return f"{least} to {greatest}, mean {numbers.mean:.6g}, standard deviation {numbers.std:.6g}"


def _end(number: float) -> str:
    """The number; a whole one, which may be an id, to its last digit, as far as a float has it."""
    is_exact = isinstance(number, int) or (number.is_integer() and abs(number) < _ALL_DIGITS)
    return f"{int(number)}" if is_exact else f"{number:.6g}"


def _texts(texts: TextsObserved) -> Iterator[tuple[str, str]]:
    forms = ", ".join(f"{count:,} {form}" for form, count in texts.forms.items())
    yield "strings", f"{forms}; {texts.least_bytes:,} to {texts.greatest_bytes:,} bytes"
    if texts.distinct is not None:
        yield "distinct", f"about {texts.distinct:,}"
