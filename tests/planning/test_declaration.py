from __future__ import annotations

import math

import pytest

from sigcheck.planning.declaration import declare
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint

ENDS = [Endpoint(name="image", spec=parse_spec("uint8[?, 8, 8, 3]").replace(facts=Facts(channel_order="RGB")))]


def test_a_declared_fact_beats_the_one_that_was_read_and_keeps_the_others():
    (end,) = declare(ENDS, "producer", {"image": {"range": [0, 255], "channel_order": "BGR"}})
    assert (end.spec.facts.range, end.spec.facts.channel_order) == ((0.0, 255.0), "BGR")
    assert end.spec.facts.origins["range"] == "declared"
    assert declare(ENDS, "producer", {}) == tuple(ENDS)


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"imagr": {}}, "producer.imagr: "),
        ({"image": {"rnge": [0, 1]}}, "producer.image.rnge: no fact 'rnge'; did you mean 'range'"),
        ({"image": {"range": [0, 300]}}, "producer.image.range"),
        ({"image": {"range": [1, 0]}}, "producer.image.range"),
        ({"image": {"range": [0, math.nan]}}, "producer.image.range"),
        ({"image": {"range": [0, math.inf]}}, "producer.image.range"),
        ({"image": {"normalization": {"mean": math.nan, "std": 1}}}, "producer.image.normalization"),
        ({"image": {"axes": ["height", "width"]}}, "producer.image.axes"),
        ({"image": {"meaning": "picture"}}, "producer.image.meaning"),
        ({"image": {"id_count": 0}}, "producer.image.id_count"),
        ({"image": {"padding": {"value": math.inf}}}, "producer.image.padding"),
    ],
)
def test_what_contradicts_is_refused_where_it_was_declared(facts, place):
    with pytest.raises(UsageError) as refused:
        declare(ENDS, "producer", facts)
    assert str(refused.value).startswith(place)
