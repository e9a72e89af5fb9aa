from __future__ import annotations

import pytest

from sigcheck.planning.fan_ways import find_ways
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint


@pytest.mark.parametrize(("names", "axis"), [("batch,time,feature", 1), ("batch,feature,time", 2)])
def test_names_say_which_of_several_axes_is_meant(names, axis):
    """Of equal sizes both could be: the one that stands where the consumer has another axis is none."""
    told, whole = Facts(axes=("batch", "feature")), Facts(axes=tuple(names.split(",")))
    parts = [Endpoint(name=name, spec=parse_spec("float32[?, 2]").replace(facts=told)) for name in ("a", "b")]
    joined = Endpoint(name="x", spec=parse_spec("float32[?, 2, 2]").replace(facts=whole))
    (stack,), _ = find_ways(parts, [joined])
    assert (stack.kind, stack.axis) == ("stack", axis)
    ways, _ = find_ways([joined], parts)
    assert ("unstack", axis) in {(way.kind, way.axis) for way in ways}
    assert ("unstack", 3 - axis) not in {(way.kind, way.axis) for way in ways}
