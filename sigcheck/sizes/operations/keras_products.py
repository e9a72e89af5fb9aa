"""Keras layers that multiply with weights, or tensors with each other: dense, embedding, attention, dot."""

from __future__ import annotations

import re

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.layer import argument, as_built, count, parts, require_keeping, settings, value
from sigcheck.sizes.operations.elementwise import broadcast
from sigcheck.sizes.tensor import Size, Sized, Sizes

# 'abc,cd->abd', with '...' for any leading axes.
_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")
_LEAST_RANK = 2
_HEADS_RANK = 3


def _dense(call: Call) -> Sized:
    require_keeping(settings(call).get("activation"))
    sizes = call.sizes()
    as_built(call, sizes[-1], -1)
    return Sized((*sizes[:-1], count(call, "units")))


def _by_letters(call: Call) -> Sized:
    """EinsumDense: an axis of a letter that the kernel has is as long as the kernel is along it."""
    require_keeping(settings(call).get("activation"))
    sizes, equation = call.sizes(), str(settings(call).get("equation")).replace(" ", "")
    found = _EQUATION.fullmatch(equation) if len(equation) <= 100 else None  # noqa: PLR2004  # there are 52 letters
    if found is None:
        raise UndecidedError("no equation")
    before, letters, after, kernel, *ends = found.groups()
    free, output = len(sizes) - len(letters), ends[1]
    if free < 0 or (free and not before and not after):
        raise UndecidedError("an operand of another rank")
    first = free if before else 0
    known: dict[str, Size] = {}
    for place, letter in enumerate(letters):
        axis = first + place
        size = as_built(call, sizes[axis], axis) if letter in kernel else sizes[axis]
        known[letter] = call.joined(known[letter], size) if letter in known else size
    told = settings(call).get("output_shape")
    # All axes but the first, from the last on (EinsumDense, _analyze_split_string).
    declared = told if isinstance(told, list | tuple) else [told]
    given = dict(zip(reversed(output), reversed(declared), strict=False))
    made = tuple(known[one] if one in known else _kernel_size(one, kernel, given) for one in output)
    rest = sizes[:free] if before else sizes[len(sizes) - free :]
    return Sized((*rest, *made) if before else (*made, *rest))


def _kernel_size(letter: str, kernel: str, given: dict[str, object]) -> int:
    size = given.get(letter)
    if letter not in kernel or type(size) is not int or size < 1:
        raise UndecidedError("a letter of unknown size")
    return size


def _embedded(call: Call) -> Sized:
    return Sized((*call.sizes(), count(call, "output_dim")))


def _attended(call: Call) -> Sized:
    """Attention, AdditiveAttention: `[query, value]` or `[query, value, key]`."""
    operands = parts(call)
    if len(operands) < 2 or value(call, 3, "return_attention_scores"):  # noqa: PLR2004  # a query and a value
        raise UndecidedError("no query and value")
    query, values = call.sizes(0), call.sizes(1)
    key = call.sizes(2) if len(operands) > 2 else values  # noqa: PLR2004  # the third is the key
    if not len(query) == len(values) == len(key) == _HEADS_RANK:
        raise UndecidedError("no sequences")
    is_product = call.node.op == "Keras>Attention" and settings(call).get("score_mode", "dot") == "dot"
    if is_product:
        call.joined(query[2], key[2])
    else:
        broadcast(call, query[2:], key[2:])
    batch = broadcast(call, broadcast(call, query[:1], key[:1]), values[:1])
    call.joined(key[1], values[1])
    return Sized((*batch, query[1], values[2]))


def _attended_by_heads(call: Call) -> Sized:
    """MultiHeadAttention: each of query, value and key is projected by weights, then batches and lengths meet."""
    places = [argument(call, 0, "query"), argument(call, 1, "value"), argument(call, 2, "key")]
    if places[0] is None or places[1] is None or value(call, 7, "return_attention_scores"):
        raise UndecidedError("no query and value")
    query, values = call.sizes(places[0]), call.sizes(places[1])
    key = values if places[2] is None else call.sizes(places[2])
    if not len(query) == len(values) == len(key) == _HEADS_RANK:
        raise UndecidedError("attention over several axes")
    for sizes, place in ((query, places[0]), (values, places[1])):
        as_built(call, sizes[2], 2, place)
    call.joined(query[0], key[0])
    call.joined(key[0], values[0])
    call.joined(key[1], values[1])
    told = settings(call).get("output_shape")
    width = list(told) if isinstance(told, list | tuple) else [query[2] if told is None else told]
    if any(isinstance(one, bool) or (type(one) is int and one < 1) for one in width):
        raise UndecidedError("no width")
    return Sized((query[0], query[1], *width))


def _dotted(call: Call) -> Sized:
    """All axes but the two that are summed over, and the second batch axis (`batch_dot`)."""
    one, other = call.sizes(0), call.sizes(1)
    told = settings(call).get("axes")
    axes = [axis for axis in (told if isinstance(told, list | tuple) else [told, told]) if type(axis) is int]
    if len(axes) != 2 or min(len(one), len(other)) < _LEAST_RANK:  # noqa: PLR2004  # an axis of each
        raise UndecidedError("no axes")
    first, second = call.axis(axes[0], len(one)), call.axis(axes[1], len(other))
    if not first or not second:
        raise UndecidedError("the axis of the batch")
    call.joined(one[0], other[0])
    call.joined(one[first], other[second])
    kept: Sizes = tuple(size for axis, size in enumerate(one) if axis != first)
    kept += tuple(size for axis, size in enumerate(other) if axis not in {0, second})
    return Sized(kept if len(kept) > 1 else (*kept, 1))


RULES: dict[str, Rule] = {
    "Keras>Dense": _dense,
    "Keras>EinsumDense": _by_letters,
    "Keras>Embedding": _embedded,
    "Keras>Attention": _attended,
    "Keras>AdditiveAttention": _attended,
    "Keras>MultiHeadAttention": _attended_by_heads,
    "Keras>Dot": _dotted,
}
