"""Junctions: how several outputs make one input, or one output several inputs, as people write them.

    concat(a, b, axis=1)                 fan-in, along an axis that is there
    stack(a, b, axis=1)                  fan-in, along a new axis
    ragged_by_lengths(values, lengths)   fan-in: rows of a ragged tensor
    ragged_by_row_splits(values, splits) fan-in: the same, by where each row begins
    ragged_by_value_rowids(values, rowids, rows)    fan-in: the same, by the row of each value
    sparse_by_indices(indices, values, dense_shape)    fan-in: a sparse tensor
    boxes(ymin, xmin, ymax, xmax)        fan-in: boxes, in the order that the consumer declares
    complex(real, imaginary)             fan-in: complex numbers
    split(a, axis=1)                     fan-out: the inputs take parts of the axis, in their order
    unstack(a, axis=1)                   fan-out: the inputs take an index of the axis each
    share(a)                             fan-out: each input takes the whole
    constant(0)                          one value for the whole input, in the batch of the others
    constant(0, a)                       the same, in the sizes of `a`
    range(a, axis=0)                     the place of each entry along an axis of `a`
    serialize_examples(a, words=b)       fan-in: serialized Examples, of a feature for each output
    parse_examples(examples)             the feature of serialized Examples that is called as the input is
    parse_examples(words=examples)       the feature of this name
    csv_columns(line)                    fan-out: the inputs take a column each of lines of comma-separated values
    broadcast(a, b)                      each value of `a` for all entries that `b` has for it
    scale_boxes(boxes, image)            fan-in: boxes in pixels of an image, or shares of it, by its size in the run

The notation stands where the name of an output may stand: before the `=` of `--bind`, as a key of
`bind` in Python and in the config.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import TypeAlias, TypeVar

from sigcheck.schema.facts import Finite, Text
from sigcheck.schema.value import Value

T = TypeVar("T")

# What a constant may be: whole numbers stay whole.
Constant: TypeAlias = bool | int | Finite | Text

FAN_IN = (
    "concat",
    "stack",
    "boxes",
    "scale_boxes",
    "ragged_by_lengths",
    "ragged_by_row_splits",
    "ragged_by_value_rowids",
    "sparse_by_indices",
    "complex",
    "constant",
    "range",
    "serialize_examples",
    "parse_examples",
    "broadcast",
)
FAN_OUT = ("split", "unstack", "csv_columns", "share")
CONSTANT = "constant"
# What takes sizes of an output, and none of its values.
OF_SIZES = frozenset({CONSTANT, "range"})
# What takes sizes of its last output, and values of the first.
_SIZED_BY_LAST = frozenset({"broadcast", "scale_boxes"})
# More parts than this are a mistake, and would make an adapter that nobody reads.
MOST_PARTS = 64
# What takes each output under the name of a feature.
WITH_NAMES = frozenset({"serialize_examples", "parse_examples"})
_PLAIN = r"[^\s,()\"=\\](?:[^,()\"=\\]*[^\s,()\"=\\])?"


class Junction(Value):
    """The kind of a junction, the outputs it is made of in order, and its axis or value where the kind has one.

    A constant is made of no output, or of the one whose sizes it has. `names` are those of the features that outputs
    are, or are parsed for, where they were told and one of them is not that of its output.
    """

    kind: str
    outputs: tuple[str, ...]
    axis: int | None = None
    value: Constant | None = None
    names: tuple[str, ...] = ()

    def argument(self, name: str) -> Constant | tuple[str, ...] | None:
        """What is told beside the outputs for the input of this name: the axis, the value, or names of features."""
        if self.kind in WITH_NAMES:
            return self.names or ((name,) if self.kind == "parse_examples" else self.outputs)
        return self.axis if self.value is None else self.value

    @property
    def told(self) -> Constant:
        """The value of a constant."""
        if self.value is None:
            raise TypeError(f"{self.kind} has no value")
        return self.value

    def __str__(self) -> str:
        return self._written([re.fullmatch(_PLAIN, name) is not None for name in self.outputs])

    def told_beside(self, names: Collection[str]) -> str:
        """As people write it where outputs have these names; in quotes throughout where one is called like it.

        >>> Junction(kind="share", outputs=("a",)).told_beside({"share(a)"})
        'share("a")'
        """
        written = str(self)
        return written if written not in names else self._written([False] * len(self.outputs))

    def _written(self, is_plain: Sequence[bool]) -> str:
        outputs = [name if plain else _quoted(name) for name, plain in zip(self.outputs, is_plain, strict=True)]
        if self.names:
            features = [name if re.fullmatch(_PLAIN, name) else _quoted(name) for name in self.names]
            told = zip(features, outputs, self.names, self.outputs, strict=True)
            is_short = self.kind != "parse_examples"
            outputs = [out if is_short and own == name else f"{feature}={out}" for feature, out, own, name in told]
        axis = [] if self.axis is None else [f"axis={self.axis}"]
        value = [] if self.value is None else [json.dumps(self.value)]
        return f"{self.kind}({', '.join([*value, *outputs, *axis])})"


def valued(kind: str, outputs: Sequence[T]) -> Sequence[T]:
    """Those of the outputs of a junction whose values are in it: of others it takes the sizes.

    >>> valued("broadcast", ["user", "titles"]), valued("range", ["boxes"]), valued("concat", ["a", "b"])
    (['user'], [], ['a', 'b'])
    """
    return [] if kind in OF_SIZES else outputs[:-1] if kind in _SIZED_BY_LAST else outputs


def _quoted(name: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
