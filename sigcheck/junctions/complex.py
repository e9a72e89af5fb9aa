"""Complex: complex numbers from their real and their imaginary part.

## What it does
Makes one tensor of complex numbers of two outputs of one float type and one shape.

## Example
    --bind real=x --bind imaginary=x
    tf.complex(real, imaginary)    float32[?, 257], float32[?, 257] -> complex64[?, 257]

## What it loses or assumes
Nothing. Sizes that are not known before are found equal when it is run, or refused: TensorFlow
would repeat the one along the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.junction import JunctionError, check_parts, merged_shape
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.transform import Code

NAME = "complex"
ORDER = 38
VALUE_PARTS: tuple[int, ...] | None = None
# A sum with a product of 1j is NaN where the imaginary part is infinite.
_COMPLEX = '''
def _complex(real, imag):
    """Complex numbers of both parts."""
    made = np.empty(np.shape(real), np.result_type(real, np.complex64))
    made.real, made.imag = real, imag
    return made
'''
NUMPY_CALLS = {"tf.complex": NumpyCall(("real", "imag"), "_complex({real}, {imag})", {"_complex": _COMPLEX})}
HAS_KERAS = False

# The float that both parts of a complex number are.
_PARTS = {"complex64": "float32", "complex128": "float64"}
_WHOLE = {part: whole for whole, part in _PARTS.items()}


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None, once, where complex numbers are required and the parts are two of real ones.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[?, 257]")] * 2, [parse_spec("complex64[?, 257]")])
    [None]
    """
    if required[0].dtype not in _PARTS or required[0].kind != "dense" or len(parts) != 2:  # noqa: PLR2004  # the parts
        return []
    if any(spec.kind != "dense" or spec.shape is None or spec.dtype not in ORDERED for spec in parts):
        return []
    try:
        shape, _ = merged_shape(parts)
    except JunctionError:
        return []
    return [None] if could_be(shape, required[0].shape) else []


def goals(parts: Sequence[TensorSpec], required: TensorSpec, argument: Any) -> Sequence[TensorSpec]:
    """What the parts must be: floats of half the bytes, of which nothing is known but their axes."""
    if required.dtype not in _PARTS:
        raise JunctionError(f"{required} is required, expected complex64 or complex128")
    dtype = _PARTS[required.dtype]
    return [part.replace(dtype=dtype, facts=NO_FACTS) for part in parts]


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any) -> tuple[Step, ...]:
    """The complex numbers. Raises JunctionError where the parts are other than two equal ones of floats."""
    check_parts(parts)
    if len(parts) != 2:  # noqa: PLR2004  # real and imaginary
        raise JunctionError(f"{len(parts)} parts, expected the real and the imaginary one")
    if parts[0].dtype not in _WHOLE:
        raise JunctionError(f"the parts are {parts[0].dtype}, expected float32 or float64")
    if any(spec.facts.quantization or spec.facts.normalization for spec in parts):
        raise JunctionError("a part is quantized or normalized, which complex numbers cannot be")
    shape, is_guarded = merged_shape(parts)
    facts = NO_FACTS.replace(axes=carried.agreed_axes(parts))
    result = TensorSpec(dtype=_WHOLE[parts[0].dtype], shape=shape, facts=facts)
    step = Step(
        transform=NAME,
        result=result,
        guard="both parts have the same sizes" if is_guarded else None,
        cost=Cost(guards=int(is_guarded), bytes_moved=2 * bytes_of(result), steps=1),
    )
    return (step,)


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.complex`, behind an assertion where sizes are not known: it would repeat a part along the other."""
    real, imaginary = values
    lines: tuple[str, ...] = ()
    if None in (step.result.shape or ()) or step.guard is not None:
        lines = (f'tf.debugging.assert_equal(tf.shape({real}), tf.shape({imaginary}), "the parts differ in size")',)
    made = f"tf.complex({real}, {imaginary})"
    # Of a part of size 1 TensorFlow does not know that the other is one, too.
    is_told = all(part.shape == step.result.shape for part in parts)
    return Code(made if is_told else f"tf.ensure_shape({made}, {list(step.result.shape or ())})", lines)


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """Both parts side by side. Raises GuardError where a size differs."""
    import numpy as np

    real, imaginary = (dense(value) for value in values)
    if real.shape != imaginary.shape:
        raise GuardError(f"sizes differ: {real.shape} and {imaginary.shape}")
    made = np.empty(real.shape, numpy_dtype(step.result.dtype or ""))
    made.real, made.imag = real, imaginary
    return made


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: their sizes were chosen to agree."""
    return values
