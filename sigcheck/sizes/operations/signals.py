"""Signals: Fourier transforms, whose lengths their second operand says."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Sized, add, divide


def _same(call: Call) -> Sized:
    sizes = call.sizes()
    rank = int(call.node.op[-2]) if call.node.op[-2].isdecimal() else 1
    if len(sizes) < rank:
        raise UndecidedError("fewer axes")
    return Sized(sizes)


def _real(call: Call) -> Sized:
    """RFFT cuts to its lengths, of which there must be as much, and gives one more than half of the last."""
    sizes, lengths = call.sizes(), call.told(1)
    if len(sizes) < len(lengths):
        raise UndecidedError("fewer axes")
    front, halved = sizes[: len(sizes) - len(lengths)], add(divide(lengths[-1], 2), 1)
    is_back = call.node.op.startswith("I")
    for size, length in zip(sizes[len(front) :], (*lengths[:-1], halved if is_back else lengths[-1]), strict=True):
        call.require("at_least", size, length)
    return Sized((*front, *lengths[:-1], lengths[-1] if is_back else halved))


RULES: dict[str, Rule] = {
    **dict.fromkeys(("FFT", "IFFT", "FFT2D", "IFFT2D", "FFT3D", "IFFT3D"), _same),
    **dict.fromkeys(("RFFT", "IRFFT", "RFFT2D", "IRFFT2D", "RFFT3D", "IRFFT3D"), _real),
}
