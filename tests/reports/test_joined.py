"""Every format tells what is joined and parted: each kind of junction in each format."""

from __future__ import annotations

import html
import json
import re
from xml.etree import ElementTree as ET

import pytest

from sigcheck import api
from sigcheck.pipelines.chain import check_chain
from sigcheck.reports import FORMATS
from tests.junctions.kinds import KINDS, together

# Those that are for a log of findings have no place for what feeds what.
TELLS_BINDINGS = ("text", "json", "html", "markdown")


@pytest.fixture(scope="module")
def checked():
    """The result of the check of each kind of junction."""
    return {name: api.check(*kind.sides(), bind=kind.bind, verify="typed").result for name, kind in KINDS.items()}


def undecided():
    return api.check(
        {"a": "float32[?, 2]", "b": "float32[?, 2]"},
        {"x": "float32[?, 2, 2]"},
        bind={"a": "x", "b": "x"},
        verify="typed",
    ).result


def blocked():
    return api.check(
        {"a": "float32[?, 2]", "b": "float32[?, 3]"}, {"x": "float32[?, 9]"}, bind={"a": "x", "b": "x"}, verify="typed"
    ).result


def read(name, text):
    """The text without what its format writes otherwise; broken JSON and XML are refused."""
    if name in {"json", "gitlab", "sarif"}:
        return json.dumps(json.loads(text), ensure_ascii=False)
    if name in {"junit", "svg"}:
        return "\n".join(
            [*ET.fromstring(text).itertext()]
            + [value for one in ET.fromstring(text).iter() for value in one.attrib.values()]
        )
    return html.unescape(text) if name in {"html", "dot"} else text


@pytest.mark.parametrize("name", TELLS_BINDINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_feeds_what_is_told(checked, kind, name):
    told = read(name, FORMATS[name].render_check(checked[kind]))
    for required, provided in KINDS[kind].fed.items():
        assert provided in told, name
        assert required in told
    for step in KINDS[kind].steps:
        assert step.partition("(")[0] in told, step


@pytest.mark.parametrize("kind", KINDS)
def test_json_has_every_step_and_every_part_with_named_specs(checked, kind):
    bindings = json.loads(FORMATS["json"].render_check(checked[kind]))["bindings"]
    told = []
    for one in bindings:
        assert ("junction" in one) == ("parts" in one) == ("(" in one["provided"])
        for part in one.get("parts", ()):
            assert part["provided_spec"]["name"] == part["provided"]
            assert part["required"] == one["required"]
            told += part["plan"]["steps"]
        told += [one["junction"]] if "junction" in one else []
        told += one["plan"]["steps"]
        assert one["provided_spec"]["name"] == one["provided"]
    assert {step["result"]["name"] for step in told} <= set(KINDS[kind].inputs)
    assert [step["transform"] for step in told] == [step.partition("(")[0] for step in KINDS[kind].steps]
    parts = {part["provided"] for one in bindings for part in one.get("parts", ())}
    assert parts == (set() if kind == "share" else set(KINDS[kind].outputs))


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_have_a_line_from_each_output_to_each_input_that_it_feeds(checked, kind):
    case = KINDS[kind]
    # What tells how often a value is wanted feeds an input of its own, too.
    count = max(len(case.outputs), len(case.inputs)) + (kind == "broadcast")
    mermaid = FORMATS["mermaid"].render_check(checked[kind])
    assert len(re.findall(r"m0 -->\|.*\| m1", mermaid)) == count
    dot = FORMATS["dot"].render_check(checked[kind])
    ports = set(re.findall(r"m0:(o\d):e -> m1:(i\d):w", dot))
    assert len(ports) == count
    assert {port for port, _ in ports} == {f"o{at}" for at in range(len(case.outputs))}
    assert {port for _, port in ports} == {f"i{at}" for at in range(len(case.inputs))}
    for text in (FORMATS["svg"].render_check(checked[kind]), FORMATS["html"].render_check(checked[kind])):
        titles = re.findall(r"<title>([^<]*) to ([^<]*): (?:fits|adapts|guarded)", text)
        assert len(titles) == count
        ends = {(one.split()[-1], other.split()[-1]) for one, other in titles}
        assert {one for one, _ in ends} == set(case.outputs)
        assert {other for _, other in ends} == set(case.inputs)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("make", [undecided, blocked])
def test_what_is_not_joined_is_a_finding(make, name):
    result = make()
    told = read(name, FORMATS[name].render_check(result))
    (rule,) = {one.rule for one in result.findings if one.level == "error"}
    if FORMATS[name].HAS_FINDINGS:
        assert rule in told
        assert "stack(a, b, axis=1)" in told if make is undecided else "no junction of" in told
    else:
        assert told
        assert rule not in told


def test_a_case_of_junit_fails_at_the_input():
    suite = ET.fromstring(FORMATS["junit"].render_check(blocked())).find("testsuite")
    assert [(case.get("name"), case.find("failure") is not None) for case in suite] == [("x", True)]


@pytest.mark.parametrize("name", FORMATS)
def test_a_chain_tells_what_is_joined_in_a_link(name):
    kind = together("concat", "unstack")
    first, second = kind.sides()
    second = second.model_copy(update={"outputs": second.inputs[:1]})
    last = second.model_copy(update={"inputs": second.inputs[:1], "outputs": ()})
    result, _ = check_chain([first, second, last], bind=kind.bind, verify="typed")
    assert (result.verdict, result.exit_code) == ("adapts", 0)
    assert [entry.step for entry in result.ledger] == ["cast(dtype=float32)"]
    told = read(name, FORMATS[name].render_chain(result))
    assert told
    if name in TELLS_BINDINGS:
        assert "concat(c1, c2, axis=1)" in told
        assert "unstack(u, axis=1)[1]" in told


def test_hostile_names_of_parts_are_escaped_everywhere():
    bad = 'a"\x1b[2J</script>]]>'
    result = api.check(
        {bad: "float32[?, 3]", "b": "float32[?, 5]"}, {"x": "float32[?, 8]"}, bind={bad: "x", "b": "x"}, verify="typed"
    ).result
    assert result.verdict == "adapts"
    for name in FORMATS:
        text = FORMATS[name].render_check(result)
        assert "\x1b" not in text, name
        read(name, text)
    assert "<script>" not in FORMATS["svg"].render_check(result)
