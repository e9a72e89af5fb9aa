"""Step picture: what a step does to a tensor, axis by axis, as an SVG drawing in a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sigcheck.reports.parts.canvas import drawing, label, rectangle, text_width
from sigcheck.reports.parts.canvas import number as coordinate
from sigcheck.rules.words.wording import normalization, number, quantization
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec

# In pixels.
_BOX_HEIGHT = 28
_LEAST_BOX = 44
_GAP = 10
_MARGIN = 12
_TOP = 20
_DROP = 62
# From the top of a line of text to its baseline, counted from the middle of a box.
_BASELINE = 4


@dataclass(frozen=True)
class _Row:
    """A spec as a row of boxes, one for each axis: where each has its middle, and how wide it is."""

    spec: TensorSpec
    top: float
    start: float

    @property
    def sizes(self) -> list[str]:
        """The size of each axis as it is printed."""
        if self.spec.shape is None:
            return ["any rank"]
        ragged = range(1, (self.spec.ragged_rank or 0) + 1)
        return ["rows" if axis in ragged else "?" if n is None else str(n) for axis, n in enumerate(self.spec.shape)]

    @property
    def names(self) -> list[str]:
        """The name of each axis, empty where it has none."""
        return [name or "" for name in self.spec.facts.axes or ("",) * len(self.sizes)]

    @property
    def widths(self) -> list[float]:
        """How wide each box is: its size and its name have room."""
        return [
            max(_LEAST_BOX, text_width(size) + 2 * _GAP, text_width(name) + _BASELINE)
            for size, name in zip(self.sizes, self.names, strict=True)
        ]

    @property
    def lefts(self) -> list[float]:
        """Where each box begins; at the end, where the next one would."""
        return [self.start + before for before in accumulate((w + _GAP for w in self.widths), initial=0.0)]

    @property
    def middles(self) -> list[float]:
        """Where lines arrive at and leave each box."""
        return [left + width / 2 for left, width in zip(self.lefts, self.widths, strict=False)]

    @property
    def baseline(self) -> float:
        """Where texts in the row stand."""
        return self.top + _BOX_HEIGHT / 2 + _BASELINE

    @property
    def facts(self) -> str:
        """What is known of the values, in words."""
        return describe_facts(self.spec.facts)


def draw_step(spec: TensorSpec, step: Step) -> str:
    """The picture: the axes of the spec above, those of the result below, and a line where one leads to the other.

    What the step changes is marked: an axis of another size, a new or lost one, the dtype, the facts.
    """
    result = step.result
    start = _MARGIN + max(text_width(_type(one)) for one in (spec, result)) + _GAP
    above, below = _Row(spec, _TOP, start), _Row(result, _TOP + _BOX_HEIGHT + _DROP, start)
    lines = sorted(set(axis_lines(spec, step)))
    kept = [pair for pair in lines if _is_kept(pair, lines, above, below)]
    parts = [
        *_draw_row(above, [pair[0] for pair in kept], changed=()),
        *_draw_row(
            below,
            [pair[1] for pair in kept],
            changed=[text for text in (_type(result), below.facts) if text not in (_type(spec), above.facts)],
        ),
        *(_draw_line(above.middles[ours], below.middles[theirs]) for ours, theirs in lines),
    ]
    right = max(above.lefts[-1], below.lefts[-1]) + _GAP
    parts.append(label((right, _TOP + _BOX_HEIGHT + _DROP / 2 + _BASELINE), str(step), "step"))
    wide = max(
        right + text_width(str(step)),
        *(row.lefts[-1] + text_width(row.facts) for row in (above, below)),
    )
    title = f"{spec} becomes {result} by {step}"
    return f'<div class="step-picture">{drawing(parts, wide + _MARGIN, below.top + _BOX_HEIGHT + _TOP, title)}</div>'


def _draw_row(row: _Row, kept: Sequence[int], changed: Sequence[str]) -> Iterator[str]:
    """Yields the type, the boxes and the facts of a row."""
    yield label((_MARGIN, row.baseline), _type(row.spec), "changed" if _type(row.spec) in changed else "type")
    name_at = row.top - 6 if row.top == _TOP else row.top + _BOX_HEIGHT + 14
    for axis, (size, name) in enumerate(zip(row.sizes, row.names, strict=True)):
        kind = "kept" if axis in kept else "other"
        yield rectangle((row.lefts[axis], row.top), row.widths[axis], _BOX_HEIGHT, kind, 4)
        yield label((row.middles[axis], row.baseline), size, "size", "middle")
        if name:
            yield label((row.middles[axis], name_at), name, "axis", "middle")
    if row.facts:
        yield label((row.lefts[-1], row.baseline), row.facts, "changed" if row.facts in changed else "facts")


def _draw_line(x: float, to_x: float) -> str:
    y, to_y = _TOP + _BOX_HEIGHT, _TOP + _BOX_HEIGHT + _DROP
    half = coordinate((y + to_y) / 2)
    curve = f"C{coordinate(x)} {half} {coordinate(to_x)} {half} {coordinate(to_x)} {coordinate(to_y)}"
    return f'<path d="M{coordinate(x)} {coordinate(y)}{curve}" class="way"/>'


def _is_kept(pair: tuple[int, int], lines: Sequence[tuple[int, int]], above: _Row, below: _Row) -> bool:
    """Whether the line joins two axes of one size that have no other line."""
    ours, theirs = pair
    is_alone = sum(one[0] == ours or one[1] == theirs for one in lines) == 1
    return is_alone and above.sizes[ours] == below.sizes[theirs]


def _type(spec: TensorSpec) -> str:
    return f"{'' if spec.kind == 'dense' else spec.kind + ' '}{spec.dtype}"


def axis_lines(spec: TensorSpec, step: Step) -> Iterator[tuple[int, int]]:
    """Yields which axis of the spec leads to which axis of the result.

    A step that only moves values says so itself, in its layout. Of the others those of equal rank keep their
    axes; one that loses or adds an axis names it in its arguments, or does it at the end.

    >>> from sigcheck.schema.notation import parse_spec
    >>> step = Step(transform="argmax", arguments={"axis": 1}, result=parse_spec("int64[?, 4]"))
    >>> list(axis_lines(parse_spec("float32[?, 10, 4]"), step))
    [(0, 0), (2, 1)]
    """
    if step.layout is not None:
        for below, group in enumerate(step.layout):
            yield from sorted({(atom.axis, below) for atom in group})
        return
    before, after = spec.rank or 0, step.result.rank or 0
    both = min(before, after)
    axis = step.arguments.get("axis")
    changed = axis if isinstance(axis, int) else both
    for at in range(both):
        is_behind = at >= changed
        yield at + (before - both) * is_behind, at + (after - both) * is_behind


def describe_facts(facts: Facts) -> str:
    """The facts of values in words; the names of axes stand at the axes.

    >>> describe_facts(Facts(range=(0, 255), meaning="pixels"))
    'range [0, 255], meaning pixels'
    """
    words = []
    for name, fact in facts.known().items():
        if name == "normalization":
            words.append(f"(raw - mean) / std: {normalization(fact)}")
        elif name == "quantization":
            words.append(quantization(fact))
        elif name == "range":
            words.append(f"range [{fact[0]:g}, {fact[1]:g}]")
        elif name == "padding":
            filler = number(fact.value) if isinstance(fact.value, float) else json.dumps(fact.value)
            words.append(f"padded with {filler} at the {'end' if fact.side == 'post' else 'start'}")
        elif name != "axes":
            words.append(f"{name.replace('_', ' ')} {fact}")
    return ", ".join(words)
