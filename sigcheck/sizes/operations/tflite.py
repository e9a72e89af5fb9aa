"""TFLite operators whose operands stand otherwise than TensorFlow's, or whose kernels refuse other sizes.

What a rule demands is what the kernels of tensorflow/lite/kernels demand in Prepare or Eval.
"""

from __future__ import annotations

from sigcheck.sizes.call import Call, Results, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import broadcast, same
from sigcheck.sizes.operations.filling import padded
from sigcheck.sizes.operations.joining import MOST_PARTS, join
from sigcheck.sizes.operations.slices import cut
from sigcheck.sizes.operations.windows import fits_channels, windowed
from sigcheck.sizes.tensor import Size, Sized, divide, product

_PICTURE_RANK, _MATRIX_RANK, _SEQUENCE_RANK = 4, 2, 3
# Which operand has a row of recurrent weights for each unit: of an LSTM that of the output gate.
_RECURRENT = {"TFLite>UnidirectionalSequenceRNN": 2, "TFLite>UnidirectionalSequenceLSTM": 8}


def _merged(call: Call) -> Sized:
    return Sized(broadcast(call, call.sizes(), call.sizes(1)))


def _convolved(call: Call) -> Sized:
    """Kernels are [out, height, width, in]."""
    sizes, kernel = call.sizes(), call.sizes(1)
    found = _slid(call)
    fits_channels(call, sizes[3], kernel[3])
    return Sized((*found, kernel[0]))


def _depthwise(call: Call) -> Sized:
    """Kernels are [1, height, width, out], and as many of the results come of each channel."""
    sizes, kernel = call.sizes(), call.sizes(1)
    found = _slid(call)
    fits_channels(call, kernel[3], sizes[3])
    return Sized((*found, kernel[3]))


def _slid(call: Call) -> tuple[Size, ...]:
    """The batch and the inner sizes behind windows of the kernel."""
    sizes, kernel = call.sizes(), call.sizes(1)
    strides, dilations = call.listed("strides"), call.listed("dilations")
    if not len(sizes) == len(kernel) == len(strides) == len(dilations) == _PICTURE_RANK:
        raise UndecidedError("no picture")
    found = [sizes[0]]
    for axis in (1, 2):
        window = kernel[axis]
        if not isinstance(window, int):
            raise UndecidedError("a kernel of unknown size")
        reach = (window - 1) * dilations[axis] + 1
        found.append(windowed(call, sizes[axis], reach, strides[axis], str(call.attributes.get("padding"))))
    return tuple(found)


def _connected(call: Call) -> Sized:
    """Weights are [units, size]; unless axes are kept, the operand is cut in rows of that size."""
    sizes, weights = call.sizes(), call.sizes(1)
    if len(weights) != _MATRIX_RANK or "keep_num_dims" not in call.attributes:
        raise UndecidedError("no matrix")
    units, width = weights
    if call.attributes["keep_num_dims"]:
        call.joined(sizes[-1], width)
        return Sized((*sizes[:-1], units))
    if sizes[-1] == width:
        return Sized((product(sizes[:-1]), units))
    return Sized((call.part(product(sizes), width), units))


def _joined(call: Call) -> Sized:
    return join(call, call.operands, int(call.attributes["axis"]))


def _cut(call: Call) -> Sized:
    """An index beyond the end is that of the last one: nothing is refused (strided_slice_logic.h)."""
    found = cut(call)
    call.conditions.clear()
    return found


def _parted(call: Call) -> list[Sized]:
    """What is left over when a size is divided is left out (split.cc)."""
    sizes = call.sizes(1)
    (number,) = call.integers(0)
    axis, count = call.axis(number, len(sizes)), int(call.attributes["num_split"])
    if not 1 <= count <= MOST_PARTS:
        raise UndecidedError("too many parts")
    return [Sized((*sizes[:axis], divide(sizes[axis], count), *sizes[axis + 1 :]))] * count


def _transposed(call: Call) -> Sized:
    """The result is as large as the first operand says, whether it fits or not."""
    wanted, kernel, given = call.numbers(0), call.sizes(1), call.sizes(2)
    if not len(wanted) == len(kernel) == len(given):
        raise UndecidedError("a result of another rank")
    call.joined(given[-1], kernel[-1])
    return Sized(tuple(wanted))


def _recurred(call: Call) -> Results:
    """A sequence, its batch first or the steps: of each the units."""
    sizes, weights = call.sizes(), call.sizes(_RECURRENT[call.node.op])
    if len(sizes) != _SEQUENCE_RANK or len(weights) != _MATRIX_RANK:
        raise UndecidedError("no sequence")
    return Sized((*sizes[:2], weights[1]))


RULES: dict[str, Rule] = {
    "TFLite>Same": same,
    "Prelu": _merged,
    "TFLite>Conv2D": _convolved,
    "TFLite>DepthwiseConv2D": _depthwise,
    "TFLite>FullyConnected": _connected,
    "TFLite>Concatenation": _joined,
    "TFLite>StridedSlice": _cut,
    "TFLite>Split": _parted,
    "TFLite>MirrorPad": padded,
    "TFLite>TransposeConv": _transposed,
    **dict.fromkeys(_RECURRENT, _recurred),
}
