"""Encodings: the ends that values most likely are meant to fill, of those that are usual."""

from __future__ import annotations

from sigcheck.schema.facts import Range

_BYTE: Range = (0.0, 255.0)
_UNIT: Range = (0.0, 1.0)
_SIGNED: Range = (-1.0, 1.0)
# This part of the values lies below where those that are meant begin.
_CENTRED = 0.25


def usual_ends(values: tuple[float, float], *, is_whole: bool) -> Range | None:
    """The usual encoding that values fit, None where none does.

    >>> usual_ends((3, 251), is_whole=True), usual_ends((0, 900), is_whole=True)
    ((0.0, 255.0), None)
    """
    low, high = values
    if low >= 0 and high <= 1:
        return _UNIT
    if low >= -1 and high <= 1:
        return _SIGNED
    # Bytes as floats, or resized ones, which are not whole any more.
    is_byte = low >= 0 and high <= _BYTE[1] and (is_whole or high > _BYTE[1] / 2)
    return _BYTE if is_byte else None


def is_scaled(given: Range | None, meant: Range) -> bool:
    """Whether values of these ends were scaled, or centred, already, where the values that are meant are yet to be.

    >>> is_scaled((0, 1), (0, 255)), is_scaled((0, 1), (0, 1)), is_scaled((0, 255), (0, 1))
    (True, False, False)
    >>> is_scaled((-2.1, 2.7), (0, 255)), is_scaled((-30, 290), (0, 255))
    (True, False)
    """
    if given is None:
        return False
    # What only goes a little beyond, as a sharpened picture does, is centred nowhere.
    is_centred = meant[0] - given[0] > _CENTRED * (given[1] - given[0])
    return is_centred or max(map(abs, given)) <= _UNIT[1] < meant[1]
