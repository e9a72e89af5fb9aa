"""Matrices: along the last two axes, for each of those before."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, add, largest, smallest, subtract

_MATRIX = 2


def _matrix(call: Call, operand: int = 0) -> tuple[Size, ...]:
    sizes = call.sizes(operand)
    if len(sizes) < _MATRIX:
        raise UndecidedError("no matrix")
    return sizes


def _square(call: Call) -> tuple[Size, ...]:
    sizes = _matrix(call)
    side = call.joined(sizes[-2], sizes[-1])
    return (*sizes[:-2], side, side)


def _diagonal(call: Call) -> Sized:
    sizes = call.sizes()
    return Sized((*sizes, sizes[-1]))


def _diagonals(call: Call) -> tuple[int, int]:
    """Which diagonals a V3 operation is of, from the lowest to the highest; those above the main one are positive."""
    numbers = call.integers(1)
    if len(numbers) not in {1, 2} or numbers[0] > numbers[-1]:
        raise UndecidedError("no diagonals")
    return numbers[0], numbers[-1]


def _of_diagonals(call: Call) -> Sized:
    """MatrixDiagV3: a square that the diagonals fit in, unless more rows or columns are asked for."""
    sizes, (low, high) = call.sizes(), _diagonals(call)
    if len(sizes) < (_MATRIX if low < high else 1):
        raise UndecidedError("no diagonals")
    front = sizes[:-1]
    if low < high:
        call.joined(front[-1], high - low + 1)
        front = front[:-1]
    least = add(sizes[-1], max(-high, 0)), add(sizes[-1], max(low, 0))
    asked = call.integers(2)[0], call.integers(3)[0]
    if asked == (-1, -1):
        side = largest(*least)
        return Sized((*front, side, side))
    for number, size in zip(asked, least, strict=True):
        if number != -1:
            call.require("at_least", number, size)
    return Sized((*front, *(size if number == -1 else number for number, size in zip(asked, least, strict=True))))


def _part(call: Call) -> Sized:
    sizes = _matrix(call)
    return Sized((*sizes[:-2], smallest(sizes[-2], sizes[-1])))


def _one_part(call: Call) -> Sized:
    """MatrixDiagPartV3 of one diagonal, which must lie within the matrix."""
    sizes, (low, high) = _matrix(call), _diagonals(call)
    if low < high:
        raise UndecidedError("several diagonals")
    if low:
        call.require_at_least(sizes[-1] if low > 0 else sizes[-2], abs(low) + 1)
    return Sized((*sizes[:-2], smallest(add(sizes[-2], min(low, 0)), subtract(sizes[-1], max(low, 0)))))


def _set(call: Call) -> Sized:
    """The diagonal is as long as the shorter side."""
    sizes, diagonal = _matrix(call), call.sizes(1)
    if len(call.operands) > _MATRIX and call.integers(2) != (0,):
        raise UndecidedError("another diagonal")
    if len(diagonal) != len(sizes) - 1:
        raise UndecidedError("a diagonal of another rank")
    front = call.joined_all(sizes[:-2], diagonal[:-1])
    call.require("equal", smallest(sizes[-2], sizes[-1]), diagonal[-1])
    return Sized((*front, *sizes[-2:]))


def _banded(call: Call) -> Sized:
    return Sized(_matrix(call))


def _inverted(call: Call) -> Sized:
    return Sized(_square(call))


def _determinant(call: Call) -> Sized:
    return Sized(_square(call)[:-2])


def _log_determinant(call: Call) -> list[Sized]:
    return [Sized(_square(call)[:-2])] * 2


def _solved(call: Call) -> Sized:
    one, other = _square(call), _matrix(call, 1)
    front = call.joined_all(one[:-2], other[:-2])
    return Sized((*front, call.joined(one[-1], other[-2]), other[-1]))


def _vectors(call: Call) -> list[Sized]:
    """SelfAdjointEigV2 and QR of no full matrices are left out: what they give follows from attributes."""
    sizes = _square(call)
    return [Sized(sizes[:-1]), Sized(sizes)] if call.attributes.get("compute_v", True) else [Sized(sizes[:-1])]


def _crossed(call: Call) -> Sized:
    """Cross products are of vectors of three."""
    found = call.joined_all(call.sizes(), call.sizes(1))
    if not found:
        raise UndecidedError("single numbers")
    call.joined(found[-1], 3)
    return Sized(found)


RULES: dict[str, Rule] = {
    "MatrixDiag": _diagonal,
    "MatrixDiagV3": _of_diagonals,
    "MatrixDiagPart": _part,
    "MatrixDiagPartV3": _one_part,
    "MatrixSetDiag": _set,
    "MatrixSetDiagV3": _set,
    "MatrixBandPart": _banded,
    "MatrixInverse": _inverted,
    "Cholesky": _inverted,
    "MatrixDeterminant": _determinant,
    "LogMatrixDeterminant": _log_determinant,
    "MatrixSolve": _solved,
    "SelfAdjointEigV2": _vectors,
    "Cross": _crossed,
}
