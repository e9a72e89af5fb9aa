"""Layers that multiply with a matrix or look rows up in one."""

from __future__ import annotations

import re

from sigcheck.readers.keras.config.policy import compute_dtype
from sigcheck.readers.keras.config.rules.dtypes import is_dense
from sigcheck.readers.keras.config.tensor import Call, Outputs, Rule, Tensor

# 'abc,cd->abd', with '...' for any leading axes.
_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")


def dense(call: Call) -> Outputs | None:
    """The last axis becomes `units`."""
    shape = call.inputs[0].shape
    # A sparse tensor times a matrix is dense.
    if call.inputs[0].kind not in {"dense", "sparse"}:
        return None
    return (Tensor(compute_dtype(call.config), None if shape is None else (*shape[:-1], call.config["units"])),)


def embedding(call: Call) -> Outputs | None:
    """A row of `output_dim` numbers for each id."""
    shape = call.inputs[0].shape
    if not is_dense(call):
        return None
    length = call.config.get("input_length")
    if length is not None and shape is not None and len(shape) != 2:  # noqa: PLR2004  # batch and the one length
        return None
    if isinstance(length, int) and shape is not None:
        # Keras 2 puts the declared length where the input's own is not known.
        shape = (shape[0], shape[1] if shape[1] is not None else length)
    return (Tensor(compute_dtype(call.config), None if shape is None else (*shape, call.config["output_dim"])),)


def einsum_dense(call: Call) -> Outputs | None:
    """Sizes by the letters of the equation; `output_shape` gives those of the kernel."""
    shape = call.inputs[0].shape
    if not is_dense(call):
        return None
    dtype = compute_dtype(call.config)
    found = _EQUATION.fullmatch(call.config["equation"].replace(" ", ""))
    if found is None or shape is None:
        return (Tensor(dtype),)
    before, letters, after, kernel, *ends = found.groups()
    free = len(shape) - len(letters)
    if free < 0 or (free and not before and not after):
        return None
    sizes = dict(zip(letters, shape[free:] if before else shape, strict=False))
    output = ends[1]
    declared = call.config["output_shape"]
    declared = [declared] if isinstance(declared, int) else declared
    # output_shape holds all axes but the first, right-aligned (EinsumDense, _analyze_split_string).
    given = dict(zip(reversed(output), reversed(declared), strict=False))
    # Where output_shape leaves a size open, Keras does too, even if the input knows it.
    result = tuple(
        given[letter] if letter in given and given[letter] is None else sizes.get(letter, given.get(letter))
        for letter in output
    )
    if any(letter not in sizes and letter not in kernel for letter in output):
        return None
    rest = shape[:free] if before else shape[len(shape) - free :] if after else ()
    return (Tensor(dtype, (*rest, *result) if before else (*result, *rest)),)


RULES: dict[str, Rule] = {"Dense": dense, "EinsumDense": einsum_dense, "Embedding": embedding}
