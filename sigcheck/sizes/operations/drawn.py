"""Drawn: random tensors, as large as their first operand says."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule
from sigcheck.sizes.tensor import Sized


def _drawn(call: Call) -> Sized:
    shape = call.told(0)
    for size in shape:
        call.require_at_least(size, 0)
    return Sized(shape)


def _of_each_row(call: Call) -> Sized:
    """Multinomial: for each row of logits so many as the second operand says."""
    sizes = call.sizes()
    (count,) = call.told(1)
    call.require_at_least(count, 0)
    return Sized((sizes[0], count)) if len(sizes) == 2 else Sized()  # noqa: PLR2004  # rows of logits


SHAPED = (
    "RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal StatelessRandomNormal StatelessRandomUniform "
    "StatelessRandomUniformInt StatelessTruncatedNormal StatelessRandomNormalV2 StatelessRandomUniformV2 "
    "StatelessRandomUniformIntV2 StatelessTruncatedNormalV2"
)

RULES: dict[str, Rule] = {
    **dict.fromkeys(SHAPED.split(), _drawn),
    "Multinomial": _of_each_row,
    "StatelessMultinomial": _of_each_row,
}
