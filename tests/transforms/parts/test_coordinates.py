from __future__ import annotations

import pytest

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import CATALOG
from sigcheck.transforms.parts.coordinates import READINGS, differences
from tests.transforms.changed import changed

RGB = {"axes": ("height", "width", "channel"), "channel_order": "RGB", "range": (0, 255)}
BGR = {"axes": ("channel", "height", "width"), "channel_order": "BGR", "range": (0, 1)}


def spec(text, facts):
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


@pytest.mark.parametrize(
    ("provided", "required", "names"),
    [
        (("uint8[?, 8]", {}), ("uint8[?, 8]", {}), ""),
        (("uint8[4, 8]", {}), ("uint8[?, 8]", {}), ""),
        (("uint8[?, 8]", {}), ("float32[4, 8]", {}), "dtype sizes"),
        (("float32[8, 8, 3]", RGB), ("float32[3, 8, 8]", BGR), "axes colours encoding sizes"),
        (("ragged int32[?, None]", {}), ("int32[?, ?]", {}), "kind"),
        (("int32[?]", {"id_count": 9}), ("int32[?]", {"id_count": 5}), "ids"),
        (("int32[?, 8]", {}), ("int32[?, 8]", {"meaning": "mask"}), "meaning"),
        (("int32[?, 8]", {"padding": {"value": 1}}), ("int32[?, 8]", {"padding": {"value": 0}}), "padding"),
    ],
)
def test_what_is_not_yet_as_required(provided, required, names):
    assert differences(spec(*provided), spec(*required)) == set(names.split())


def test_what_changed_is_told_whatever_is_required():
    before = spec("float32[8, 3]", {"normalization": {"mean": [1, 2, 3], "std": [1, 1, 1]}})
    assert changed(before, before) == frozenset()
    assert changed(before, before.replace(facts=Facts())) == {"encoding", "numbers"}
    assert changed(before, before.replace(dtype="float64")) == {"dtype"}


@pytest.mark.parametrize("transform", CATALOG, ids=lambda one: one.NAME)
def test_a_transform_says_its_coordinates(transform):
    assert transform.SETTLES
    assert READINGS.keys() >= transform.READS >= transform.SETTLES - transform.WRITES
    assert READINGS.keys() >= transform.WRITES
