"""Matrices: along the last two axes, for each of those before."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.tensor import Size, Sized, smallest

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


def _main_diagonal(call: Call) -> bool:
    """Whether a V2 or V3 operation is of the main diagonal alone."""
    return call.integers(1) == (0,)


def _one_diagonal(call: Call) -> Sized:
    """MatrixDiagV3 of the main diagonal; as many rows and columns as are asked for, which must not be less."""
    sizes = call.sizes()
    if not sizes or not _main_diagonal(call) or call.integers(2) != (-1,) or call.integers(3) != (-1,):
        raise UndecidedError("another diagonal")
    return Sized((*sizes, sizes[-1]))


def _part(call: Call) -> Sized:
    sizes = _matrix(call)
    return Sized((*sizes[:-2], smallest(sizes[-2], sizes[-1])))


def _one_part(call: Call) -> Sized:
    if not _main_diagonal(call):
        raise UndecidedError("another diagonal")
    return _part(call)


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
    "MatrixDiagV3": _one_diagonal,
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
