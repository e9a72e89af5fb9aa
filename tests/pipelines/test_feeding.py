from __future__ import annotations

import json

import pytest

from sigcheck import api
from sigcheck.pipelines.chain import check_chain
from sigcheck.reports import FORMATS
from sigcheck.schema.policy import Policy
from tests.planning.sized_files import tensor, written

ENDS = ("batch", "height", "width", 3)
WRITERS = {name: one for name, one in FORMATS.items() if name in {"text", "json", "html", "markdown"}}


def model(folder, name, inputs, outputs, *constraints):
    return written(folder, name, inputs, outputs, constraints)


def multiples(folder):
    """Of a model that gives twice what it is fed."""
    twice = ("batch", "8*rows", "4*columns", 3)
    return [
        model(folder, "up", [tensor("x", "float32", "batch", "rows", "columns", 3)], [tensor("y", "float32", *twice)]),
        model(
            folder,
            "net",
            [tensor("y", "float32", *ENDS)],
            [tensor("z", "float32", *ENDS)],
            "height % 32 == 0",
            "width % 16 == 0",
        ),
        model(folder, "end", [tensor("z", "float32", *ENDS)], [tensor("s", "float32", "batch")], "height >= 160"),
    ]


@pytest.mark.parametrize("name", WRITERS)
def test_each_report_says_what_may_be_fed(tmp_path, name):
    result, _ = check_chain(multiples(tmp_path), verify="typed")
    told = FORMATS[name].render_chain(result)
    if name == "json":
        feed = json.loads(told)["feed"]
        assert [one["name"] for one in feed["inputs"]] == ["x"]
        assert [one["holds"] for one in feed["constraints"]] == ["rows % 4 == 0", "rows >= 20", "columns % 4 == 0"]
        assert feed["constraints"][1]["because"] == ["end.json: height >= 160"]
    else:
        assert "`x` with rows a multiple of 4 and at least 20, columns a multiple of 4" in told.replace("\n    ", " ")


def test_what_no_input_meets_dies_at_its_link(tmp_path):
    sources = multiples(tmp_path)
    sources[2] = model(
        tmp_path, "odd", [tensor("z", "float32", *ENDS)], [tensor("s", "float32", "batch")], "height % 32 == 16"
    )
    result, _ = check_chain(sources, verify="typed")
    assert [link.verdict for link in result.links] == ["fits", "blocked"]
    (finding,) = [one for one in result.links[1].findings if one.rule == "size_constraint"]
    assert (finding.place, finding.level) == ("z", "error")
    assert finding.message == "required height % 32 == 16, provided height = 8*rows"


def test_a_guard_of_a_link_demands_of_the_first_model_too(tmp_path):
    sources = multiples(tmp_path)[:2]
    sources[1] = model(
        tmp_path, "fixed", [tensor("y", "float32", "batch", 64, "width", 3)], [tensor("s", "float32", "batch")]
    )
    sources.append(model(tmp_path, "last", [tensor("s", "float32", "batch")], []))
    result, _ = check_chain(sources, verify="typed", policy=Policy())
    assert result.links[0].verdict == "guarded"
    assert [one.holds for one in result.feed.constraints] == ["rows == 8"]


def test_a_guard_that_no_input_passes_dies_too(tmp_path):
    up = multiples(tmp_path)[0]
    fixed = model(tmp_path, "fixed", [tensor("y", "float32", "batch", 30, "width", 3)], [])
    report = api.check(up, fixed, verify="typed")
    (finding,) = [one for one in report.findings if one.rule == "size_constraint"]
    assert (report.verdict, finding.message) == ("blocked", "required axis 1 of y == 30, provided axis 1 of y = 8*rows")


def test_of_data_without_inputs_nothing_is_said(tmp_path):
    data = written(tmp_path, "data", outputs=[tensor("x", "float32", None, None, None, 3)])
    result, _ = check_chain([data, *multiples(tmp_path)[1:]], verify="typed", bind={"x": "y"})
    assert result.feed is None
    assert "feed" not in json.loads(FORMATS["json"].render_chain(result))
