"""Why not: told once, shown by every format that has words."""

from __future__ import annotations

import html
import json

import pytest

from sigcheck import api
from sigcheck.readers.live.notation import read as read_notation
from sigcheck.reports import FORMATS
from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.schema.obstacle import Obstacle
from sigcheck.testing.failure_text import explain_obstacles

# One is beyond the policy, one needs a declaration, and of one nothing is known that would help.
PAIRS = {
    ("int32[?, 128]", "int32[?, 100]"): "would open a path: --loss truncating",
    ("string[?]", "int64[?]"): (
        "would open a path: declare --fact producer.ids.meaning=class_ids and --fact consumer.ids.meaning=class_ids"
    ),
    ("variant[?]", "int64[?]"): "no one declaration and no policy was found that would open a path",
}


def check(provided, required):
    return api.check(read_notation({"ids": provided}), read_notation({"ids": required}), verify="typed")


@pytest.mark.parametrize(("pair", "opens"), PAIRS.items())
def test_it_says_how_near_what_differs_and_what_would_open_a_path(pair, opens):
    (binding,) = check(*pair).bindings
    nearest, *differs, last = tell_obstacle(binding)
    assert nearest.startswith("the nearest spec reached is ")
    assert bool(differs) == bool(binding.obstacle.differs)
    assert last == opens


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("name", ["text", "markdown", "html", "junit"])
def test_every_format_that_has_words_says_it(pair, name):
    report = check(*pair)
    shown = " ".join(html.unescape(FORMATS[name].render_check(report.result)).split())
    for line in tell_obstacle(report.bindings[0]):
        assert " ".join(line.split()) in shown


def test_json_has_it_as_values():
    written = json.loads(check("string[?]", "int64[?]").to_json())["bindings"][0]["obstacle"]
    assert written["reached"]["name"] == "ids"
    assert written["differs"] == ["dtype string, required int64"]
    assert written["declare"] == [
        [{"side": side, "fact": "meaning", "value": "class_ids"} for side in ("producer", "consumer")]
    ]
    assert "obstacle" not in json.loads(check("int32[?]", "int32[?]").to_json())["bindings"][0]


def test_what_was_written_is_read_again():
    (binding,) = check("string[?]", "int64[?]").bindings
    assert Obstacle.model_validate_json(binding.obstacle.model_dump_json()) == binding.obstacle


def test_a_failed_assertion_says_it_in_python():
    ((title, *lines),) = explain_obstacles(check("int32[?, 128]", "int32[?, 100]").bindings)
    assert title == "ids: why not"
    assert lines[-1] == '  would open a path: policy=Policy(loss="truncating")'


def test_a_plan_needs_no_reason():
    assert tell_obstacle(check("float64[?]", "float32[?]").bindings[0]) == ()


def test_what_is_joined_has_its_facts_from_its_outputs():
    """Nothing can be declared of a junction: no option names one."""
    report = api.check(
        read_notation({"a": "string[?, 2]", "b": "string[?, 3]"}),
        read_notation({"x": "int64[?, 5]"}),
        bind={"concat(a, b, axis=1)": "x"},
        verify="typed",
    )
    (binding,) = report.bindings
    told = "\n".join((*tell_obstacle(binding), *(finding.help for finding in report.findings)))
    assert "the meaning of a and b and --fact consumer.x.meaning=class_ids" in told
    assert "producer.concat" not in told
    assert "--fact 'producer" not in told
