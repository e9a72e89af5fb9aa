from __future__ import annotations

import pytest

from sigcheck.cli.declarations import parse_value
from sigcheck.rules.words.option import fact_option, rewrite_options
from sigcheck.schema.obstacle import Declaration


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("axes", "time"),
        ("axes", "batch,time"),
        ("axes", '["time"]'),
        ("range", "0,255"),
        ("meaning", "encoded_image"),
        ("padding", '{"value":0}'),
        ("id_count", "9"),
    ],
)
def test_what_is_advised_is_read_as_the_command_line_reads_it(fact, value):
    """A name of the one axis of a waveform was a text, and no advice: what led on was said to lead nowhere."""
    read = []
    rewrite_options(fact_option("producer", "x", fact, value), lambda option: read.append(option.value) or "")
    typed = parse_value(value, is_list=fact == "axes")
    assert [Declaration(side="producer", fact=fact, value=value).read(), *read] == [typed, typed]
