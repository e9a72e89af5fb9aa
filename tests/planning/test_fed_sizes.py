from __future__ import annotations

import json

import pytest

from sigcheck import api

UNET = {
    "inputs": [{"name": "image", "dtype": "float32", "shape": [None, None, None, 3], "sizes": ["batch", "h", "w", 3]}],
    "outputs": [
        {"name": "mask", "dtype": "float32", "shape": [None, None, None, 1], "sizes": ["batch", "2*(h // 2)", "w", 1]}
    ],
    "constraints": [{"holds": "w % 4 == 0"}],
}


def consumer(*holds):
    return {
        "inputs": [
            {"name": "x", "dtype": "float32", "shape": [None, None, None, 1], "sizes": ["batch", "rows", "columns", 1]}
        ],
        "outputs": [],
        "constraints": [{"holds": one} for one in holds],
    }


def checked(folder, producer, taker, **options):
    for name, content in (("p", producer), ("c", taker)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    return api.check(str(folder / "p.json"), str(folder / "c.json"), verify="typed", **options)


@pytest.mark.parametrize(
    ("holds", "verdict", "line"),
    [
        ("rows % 2 == 0", "fits", None),
        ("columns % 2 == 0", "fits", None),
        ("rows % 2 == 1", "blocked", None),
        ("columns % 8 == 0", "fits", "columns % 8 == 0 of x: where the producer is fed w % 8 == 0"),
        ("rows >= 3", "fits", "rows >= 3 of x: where the producer is fed h >= 4"),
        ("rows == columns", "fits", "rows == columns of x: where the producer is fed 2*(h // 2) == w"),
    ],
)
def test_the_sizes_of_an_output_are_what_its_producer_makes_of_its_inputs(tmp_path, holds, verdict, line):
    report = checked(tmp_path, UNET, consumer(holds))
    assert report.verdict == verdict
    assert [one for one in report.unchecked if one.startswith(holds.split()[0])] == ([] if line is None else [line])


def test_a_constraint_that_no_input_meets_is_told_with_the_expression(tmp_path):
    (finding,) = checked(tmp_path, UNET, consumer("rows % 2 == 1")).findings
    assert finding.message == "required rows % 2 == 1, provided rows = 2*(h // 2)"
    assert finding.help == "no input of the producer gives a size of which it holds: bind another output"


def test_sizes_are_followed_through_the_steps_of_a_plan(tmp_path):
    taker = consumer("columns % 2 == 0", "rows % 4 == 0")
    taker["inputs"][0] |= {"shape": [None, 1, None, None], "sizes": ["batch", 1, "columns", "rows"]}
    report = checked(tmp_path, UNET, taker)
    assert report.verdict == "adapts"
    assert not any(one.startswith("columns") for one in report.unchecked)
    assert any(one.startswith("rows % 4 == 0") and "w % 4" not in one for one in report.unchecked) is False


def test_of_several_producers_each_has_its_own_sizes(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(UNET))
    (tmp_path / "two.json").write_text(json.dumps(UNET))
    (tmp_path / "c.json").write_text(
        json.dumps(
            {
                "inputs": [
                    {"name": f"{name}.mask", "dtype": "float32", "shape": [None, None, None, 1], "sizes": sizes}
                    for name, sizes in (("one", ["batch", "r", "s", 1]), ("two", ["batch", "r", "t", 1]))
                ],
                "outputs": [],
                "constraints": [{"holds": "s % 2 == 0"}],
            }
        )
    )
    report = api.check(
        [str(tmp_path / "one.json"), str(tmp_path / "two.json")], str(tmp_path / "c.json"), verify="typed"
    )
    assert [one for one in report.unchecked if "axis" in one or "s %" in one] == [
        "axis 1 of two.mask == axis 1 of one.mask: where the producer is fed 2*(two.h // 2) == 2*(one.h // 2)"
    ]


@pytest.mark.parametrize(
    ("size", "verdict"), [(16, "guarded"), (20, "blocked"), ("2*n", "guarded"), ("2*n + 1", "blocked")]
)
def test_a_guard_is_held_against_what_the_graph_of_the_producer_says(tmp_path, size, verdict):
    source = {"name": "x", "dtype": "float32", "shape": [None, None], "sizes": ["batch", size]}
    taker = {"inputs": [{"name": "x", "dtype": "float32", "shape": [None, 16]}], "outputs": []}
    feeds = [{"name": "ids", "dtype": "int32", "shape": [None], "sizes": ["n"]}]
    assert checked(tmp_path, {"inputs": feeds, "outputs": [source]}, taker).verdict == verdict
