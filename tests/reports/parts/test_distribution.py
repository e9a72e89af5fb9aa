from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

import sigcheck
from sigcheck.observation.facts import behind
from sigcheck.observation.observe import observe
from sigcheck.reports.formats import html
from sigcheck.reports.parts.distribution import view_seen
from sigcheck.schema.evidence import Evidence, Seen


def seen(**told):
    return Seen(side="producer", name="x", evidence=Evidence(facts=(), **told))


def heights(histogram):
    """The share of the height of the picture that each bar has, by its place."""
    picture = ET.fromstring(histogram.drawing)
    wide = float(picture.get("width")) / 24
    found = [0.0] * 24
    for bar in picture.iter("rect"):
        found[round(float(bar.get("x")) / wide)] = float(bar.get("height")) / float(picture.get("height"))
    return found


@pytest.fixture(scope="module")
def normal():
    """What is seen of a hundred thousand normal numbers, and how many lie in each bar."""
    numbers = np.random.default_rng(3).normal(size=(100_000, 1)).astype(np.float32)
    observation = observe([{"x": numbers}])
    counts, _ = np.histogram(numbers, bins=24)
    return Evidence.model_validate(behind(observation, observation.tensors[0])), counts / counts.max()


def test_bars_are_as_high_as_there_are_numbers(normal):
    evidence, shares = normal
    (histogram,) = view_seen(Seen(side="producer", name="x", evidence=evidence)).histograms
    drawn = heights(histogram)
    # Nine quantiles say how the numbers lie, not each bar: where it is steep they are off.
    assert np.abs(np.array(drawn) - shares).max() < 0.25
    assert abs(int(np.argmax(drawn)) - int(np.argmax(shares))) <= 2
    assert drawn[0] < 0.1


def test_numbers_that_are_all_one_have_no_histogram():
    told = view_seen(seen(rows=5, values=(3.0, 3.0), quantiles=((0.5, 3.0),)))
    assert told.histograms == ()
    assert "values from 3 to 3" in told.words


def test_a_value_that_many_have_is_one_bar():
    told = view_seen(seen(values=(0.0, 24.0), quantiles=((0.25, 0.0), (0.5, 0.0), (0.75, 0.0))))
    drawn = heights(told.histograms[0])
    assert drawn[0] == 1
    assert max(drawn[1:]) < 0.1


def test_lengths_are_counted_exactly():
    told = view_seen(seen(rows=4, lengths=((2, 2), (14, 1), (26, 1))))
    drawn = heights(told.histograms[0])
    assert (drawn[0], drawn[1]) == (1.0, 0.0)
    assert (drawn[12], drawn[23]) == (0.5, 0.5)
    assert sum(map(bool, drawn)) == 3
    assert "rows from 2 to 26 long" in told.words


def test_the_page_shows_it_and_the_lengths_to_choose_from():
    made = sigcheck.check(
        {"tokens": "int64[?, 64]"},
        {"ids": "int64[?, 48]"},
        facts={
            "producer": {
                "tokens": {
                    "padding": {"value": 0},
                    "observed": {
                        "facts": [],
                        "rows": 100,
                        "files": ["rows.npz sha256:0"],
                        "values": [0, 99],
                        "quantiles": [[0.25, 10], [0.5, 20], [0.75, 40]],
                        "lengths": [[10, 90], [60, 10]],
                    },
                }
            }
        },
        verify="typed",
    )
    text = html.render_check(made.result)
    assert "100 rows of rows.npz; values from 0 to 99; half of them from 10 to 40" in text
    assert text.count('class="histogram"') == 2
    assert 'data-copy="--max-length 48"' in text
    assert [one.name for one in made.result.observed] == ["tokens"]
    assert '"observed"' in made.to_json()


def test_without_data_nothing_is_said():
    made = sigcheck.check({"x": "int64[?, 64]"}, {"y": "int64[?, 64]"}, verify="typed")
    assert "Observed" not in html.render_check(made.result)
    assert '"observed"' not in made.to_json()


@pytest.mark.parametrize(
    ("values", "sums_to_one", "told"),
    [
        ((0.0, 1.0), True, ["rows sum to one"]),
        ((0.0, 1.0), False, ["rows do not all sum to one"]),
        ((92_336.0, 110_789.0), False, []),
    ],
)
def test_that_rows_do_not_sum_to_one_is_told_of_what_might_be_probabilities(values, sums_to_one, told):
    words = view_seen(seen(rows=5, values=values, sums_to_one=sums_to_one)).words
    assert [word for word in words if "sum" in word] == told
