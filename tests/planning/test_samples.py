import numpy as np
import pytest

from sigcheck.planning.samples import samples
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec


@pytest.mark.parametrize(
    ("spec", "padding", "axes", "filled"),
    [
        ("float32[?, 2]", Padding(value=-4), None, [[0, 0], [0, 1], [1, 1], [1, 1]]),
        ("float32[?, 2]", Padding(value=-4, side="pre"), None, [[0, 0], [1, 0], [1, 1], [1, 1]]),
        ("float32[2, ?]", Padding(value=-4), ("time", "batch"), [[0, 0, 1, 1], [0, 1, 1, 1]]),
        ("string[?, 2]", Padding(value="[PAD]"), None, [[0, 0], [0, 1], [1, 1], [1, 1]]),
        # Values that are read otherwise are filled by no number that they have.
        ("uint8[?, 2]", Padding(value=-4), None, [[0, 0]] * 4),
    ],
)
def test_rows_are_filled_as_they_are_declared_to_be(spec, padding, axes, filled):
    """A filling lies outside of what values are drawn from: two plans that take it for others would look alike."""
    spec = parse_spec(spec).replace(facts=Facts(padding=padding, axes=axes))
    filler = padding.value.encode() if isinstance(padding.value, str) else padding.value
    drawn = list(samples(spec, np.shape(filled), 1))
    assert drawn
    for value in drawn:
        is_filled = value == filler
        assert is_filled[np.asarray(filled, bool)].all()
        assert not (value.dtype.kind == "O" and is_filled[~np.asarray(filled, bool)].any())
        assert value.dtype.kind != "u" or not is_filled.any()
