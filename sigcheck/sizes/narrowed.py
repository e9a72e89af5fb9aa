"""Narrowed: sizes that an old version of a signature takes, and a new one refuses.

Found by trying: all open sizes alike, and each one apart from the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Signature
from sigcheck.sizes.feed import judge
from sigcheck.sizes.judged import Unmet

# Of windows, strides and tables few have a border between these two.
_TRIED = (*range(1, 130), 192, 224, 255, 256, 257, 384, 511, 512, 513, 1000, 1024, 1025, 2048, 2049, 4096, 4097)


def narrowed(old: Signature, new: Signature) -> Iterator[Unmet]:
    """Yields each constraint of the new version that refuses what the old one took, with the first such sizes.

    Nothing where the sizes of either were not followed, or are the same.
    """
    said = [
        ([(one.name, one.sizes) for one in side.inputs], [one.holds for one in side.constraints]) for side in (old, new)
    ]
    names = {size for one in old.inputs for size in one.sizes or () if isinstance(size, str)}
    if said[0] == said[1] or not names or not any(one.sizes for one in new.inputs):
        return
    told: set[str] = set()
    for sizes in _vectors(sorted(names)):
        shapes = _shapes(old, sizes)
        found = judge(new.inputs, new.constraints, shapes).unmet
        fresh = [one for one in found if one.holds not in told]
        if fresh and not judge(old.inputs, old.constraints, shapes).unmet:
            told |= {one.holds for one in fresh}
            yield from fresh


def _vectors(names: list[str]) -> Iterator[dict[str, int]]:
    for size in _TRIED:
        yield dict.fromkeys(names, size)
    for name in names:
        for size in (1, 2, 3, 5, 7, 8, 13, 64):
            yield {**dict.fromkeys(names, 64), name: size}


def _shapes(signature: Signature, sizes: dict[str, int]) -> dict[str, Shape | None]:
    """The shapes of the inputs at these sizes; None of one that is more than names and numbers."""
    found: dict[str, Shape | None] = {}
    for one in signature.inputs:
        told = [sizes.get(size) if isinstance(size, str) else size for size in one.sizes or ()]
        found[one.name] = tuple(told) if one.sizes else None
    return found
