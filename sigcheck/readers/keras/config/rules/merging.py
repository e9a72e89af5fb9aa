"""Layers that make one tensor of several."""

from __future__ import annotations

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.rules.dtypes import float_dtype, is_dense
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor
from sigcheck.schema.shape import Shape


def merge(call: Call) -> Outputs | None:
    """The shapes broadcast against each other; the batch is the one that is known."""
    if not is_dense(call):
        return None
    shapes = [tensor.shape for tensor in call.inputs]
    ranks = {len(shape) for shape in shapes if shape is not None}
    # Keras aligns inputs of unequal rank in ways of its own.
    if None in shapes or len(ranks) != 1 or len(shapes) < 2:  # noqa: PLR2004  # one is nothing to merge
        return (Tensor(float_dtype(call)),)
    known = [shape for shape in shapes if shape is not None]
    batches = {shape[0] for shape in known} - {None}
    sizes: Shape = known[0][1:]
    for shape in known[1:]:
        sizes = broadcast(sizes, shape[1:])
    return (Tensor(float_dtype(call), (next(iter(batches)) if len(batches) == 1 else None, *sizes)),)


def broadcast(left: Shape, right: Shape, *, keeps_known: bool = False) -> Shape:
    """The shape of an elementwise result, axes aligned from the last. Raises ValueError where there is none.

    An unknown size beside a known one above 1 must be that or 1, so that the result is known.
    Operations of Keras say so (`keeps_known`), its merging layers do not.
    """
    longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
    padded: Shape = (1,) * (len(longer) - len(shorter)) + shorter
    sizes: list[int | None] = []
    for one, other in zip(longer, padded, strict=True):
        if other in {one, 1}:
            sizes.append(one)
        elif one == 1:
            sizes.append(other)
        elif one is None or other is None:
            sizes.append((one or other) if keeps_known else None)
        else:
            raise ValueError(f"sizes {one} and {other} do not broadcast")
    return tuple(sizes)


def concatenate(call: Call) -> Outputs | None:
    """The sizes along `axis` added up."""
    if not is_dense(call):
        return None
    dtype = float_dtype(call)
    shapes = [tensor.shape for tensor in call.inputs if tensor.shape is not None]
    if len(shapes) != len(call.inputs):
        return (Tensor(dtype),)
    axis = call.config.get("axis", -1) % len(shapes[0])
    sizes = list(shapes[0])
    along = [shape[axis] for shape in shapes]
    sizes[axis] = None if None in along else sum(size for size in along if size is not None)
    if any(
        len(shape) != len(sizes) or (shape[other] != sizes[other] and other != axis)
        for shape in shapes
        for other in range(len(sizes))
    ):
        # The inputs know different sizes of the other axes: which one holds is decided by running.
        sizes = [size if position == axis else None for position, size in enumerate(sizes)]
    return (Tensor(dtype, tuple(sizes)),)


def dot(call: Call) -> Outputs | None:
    """All axes but the two that are summed over, and the second batch axis."""
    if not is_dense(call):
        return None
    left, right = (tensor.shape for tensor in call.inputs)
    dtype = compute_dtype(call.config) if float_dtype(call) else None
    if left is None or right is None:
        return (Tensor(dtype),)
    axes = call.config["axes"]
    first, second = (axes % len(left), axes % len(right)) if isinstance(axes, int) else axes
    kept = [size for axis, size in enumerate(left) if axis != first % len(left)]
    kept += [size for axis, size in enumerate(right) if axis not in {0, second % len(right)}]
    return (Tensor(dtype, tuple(kept) if len(kept) > 1 else (*kept, 1)),)


RULES: dict[str, Rule] = {
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), merge),
    "Concatenate": concatenate,
    "Dot": dot,
}
