"""Products of matrices, whose inner axes must be of one size."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import broadcast
from sigcheck.sizes.tensor import Size, Sized

_MATRIX = 2


def _multiplied(call: Call) -> Sized:
    # A layer of several axes is lowered to it, too: it says so.
    is_plain = call.node.op == "MatMul" and call.attributes.get("rank", _MATRIX) == _MATRIX
    one, other = (call.sizes_of(at, _MATRIX) if is_plain else call.sizes(at) for at in (0, 1))
    if len(one) < _MATRIX or len(other) < _MATRIX:
        raise UndecidedError("no matrix")
    first, second = one[-2:], other[-2:]
    if any(call.attributes.get(name) for name in ("transpose_a", "adj_x")):
        first = first[::-1]
    if any(call.attributes.get(name) for name in ("transpose_b", "adj_y")):
        second = second[::-1]
    call.joined(first[1], second[0])
    if call.node.op == "BatchMatMul":
        front = call.joined_all(one[:-2], other[:-2])
    else:
        front = broadcast(call, one[:-2], other[:-2])
    return Sized((*front, first[0], second[1]))


def _summed(call: Call) -> Sized:
    """Einsum: axes of one letter are of one size."""
    equation = str(call.attributes.get("equation", ""))
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    if not arrow or len(terms) != len(call.operands):
        raise UndecidedError("no equation")
    known: dict[str, Size] = {}
    rest: tuple[Size, ...] = ()
    for at, term in enumerate(terms):
        sizes = call.sizes(at)
        before, dots, behind = term.partition("...")
        middle = len(sizes) - len(before) - len(behind)
        if middle < 0 or (middle and not dots):
            raise UndecidedError("a term of another rank")
        if dots:
            rest = broadcast(call, rest, sizes[len(before) : len(before) + middle])
        named = [*zip(before, sizes, strict=False), *zip(behind, sizes[len(sizes) - len(behind) :], strict=True)]
        for letter, size in named:
            known[letter] = call.joined(known[letter], size) if letter in known else size
    before, dots, behind = right.partition("...")
    if any(letter not in known for letter in before + behind):
        raise UndecidedError("a letter that stands nowhere else")
    return Sized((*(known[one] for one in before), *(rest if dots else ()), *(known[one] for one in behind)))


RULES: dict[str, Rule] = {
    **dict.fromkeys(("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"), _multiplied),
    "Einsum": _summed,
}
