"""Shape: the sizes of the axes of a tensor, None where one is not known."""

from __future__ import annotations

Shape = tuple[int | None, ...]

# TensorFlow refuses a tensor of more dimensions (TensorShape::MaxDimensions, tensor_shape.h).
MAX_RANK = 254
MAX_SIZE = 2**63 - 1


def is_valid_shape(shape: object) -> bool:
    """Whether it is a shape, as far as it is seen in no time."""
    return (
        type(shape) is tuple
        and len(shape) <= MAX_RANK
        and all(size is None or (type(size) is int and 0 <= size <= MAX_SIZE) for size in shape)
    )


def is_subshape(shape: Shape | None, other: Shape | None) -> bool:
    """Whether every tensor of the one shape is of the other: directional.

    >>> is_subshape((8, 3), (None, 3)), is_subshape((None, 3), (8, 3)), is_subshape((8,), None)
    (True, False, True)
    """
    if other is None or shape == other:
        return True
    if shape is None or len(shape) != len(other):
        return False
    return all(wanted is None or size == wanted for size, wanted in zip(shape, other, strict=True))


def could_be(shape: Shape | None, required: Shape | None) -> bool:
    """Whether a tensor of the one shape may be of the other.

    >>> could_be((None, 3), (8, None)), could_be((2,), (3,))
    (True, False)
    """
    if shape is None or required is None:
        return True
    return len(shape) == len(required) and all(
        size is None or wanted is None or size == wanted for size, wanted in zip(shape, required, strict=True)
    )


def format_shape(shape: Shape | None, ragged_rank: int = 0) -> str:
    """The shape as people write it; ragged axes are `None`, unknown sizes `?`.

    >>> format_shape((None, 224, 3)), format_shape((None, None), 1), format_shape(None)
    ('[?, 224, 3]', '[?, None]', '[*]')
    """
    if shape is None:
        return "[*]"
    sizes = (
        str(size) if size is not None else "None" if 0 < axis <= ragged_rank else "?" for axis, size in enumerate(shape)
    )
    return f"[{', '.join(sizes)}]"
