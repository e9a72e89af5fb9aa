"""Validated against junit-10.xsd of the Jenkins xUnit plugin, in the copy that pytest's source package has."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sigcheck.reports.formats.junit import render_chain, render_check, render_diff, render_lint
from sigcheck.schema.finding import Finding
from sigcheck.schema.project import LintFinding, LintResult


@pytest.fixture(scope="module")
def schema():
    import xmlschema

    return xmlschema.XMLSchema(Path(__file__).parent.parent / "schemas" / "junit-10.xsd")


def outcomes(text):
    root = ET.fromstring(text)
    return {
        (suite.get("name"), case.get("name")): [child.tag for child in case]
        for suite in root
        for case in suite.iter("testcase")
    }


@pytest.mark.parametrize("kind", ["result", "undecided", "blocked", "hostile"])
def test_a_check_is_valid(schema, kind, request):
    schema.validate(render_check(request.getfixturevalue(kind)))


def test_a_lint_and_a_diff_are_valid(schema, lint, diff):
    schema.validate(render_lint(lint))
    schema.validate(render_diff(diff))


def test_each_input_is_a_case(result, undecided, blocked):
    link = "models/encoder#serving_default -> classifier.keras#default"
    assert outcomes(render_check(result)) == {(link, "image"): ["system-out"], (link, "mask"): ["system-out"]}
    assert outcomes(render_check(blocked)) == {(link, "image"): ["failure"]}
    assert "error" in outcomes(render_check(undecided))[link, link]


def test_what_was_not_decided_is_an_error_and_no_failure(result, undecided):
    finding = result.findings[0].model_copy(update={"level": "error", "rule": "ambiguous_plan"})
    (tags,) = outcomes(render_check(undecided.model_copy(update={"findings": (finding,)}))).values()
    assert tags == ["error"]


def test_a_lint_counts_models_and_links(lint):
    text = render_lint(lint)
    found = outcomes(text)
    assert found["ci/sigcheck.toml", "encoder"] == []
    assert found["ci/sigcheck.toml", "lost"] == ["error"]
    assert found["encoder -> classifier", "image"] == ["system-out"]
    root = ET.fromstring(text)
    assert root.attrib == {"name": "sigcheck", "tests": "6", "failures": "1", "errors": "2"}
    for suite in root:
        cases = list(suite.iter("testcase"))
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == sum(case.find("failure") is not None for case in cases)


def test_the_whole_finding_stands_in_the_failure(blocked):
    failure = ET.fromstring(render_check(blocked)).find("./testsuite/testcase/failure")
    assert failure.get("type") == "truncated_rows"
    assert failure.get("message") == "what is beyond is lost"
    assert "help      allow it" in failure.text


def test_control_characters_and_markup_of_names_are_text(hostile):
    name = "]]><x>&\x00\ud800\ufffe"
    finding = hostile.findings[0].model_copy(update={"place": name, "level": "error"})
    text = render_check(hostile.model_copy(update={"findings": (finding,)}))
    assert ("]]><x>&\\x00\\ud800\\ufffe") in {name for _, name in outcomes(text)}


def test_a_chain_has_a_suite_for_each_link(schema, chain):
    text = render_chain(chain)
    schema.validate(text)
    assert outcomes(text)["classifier.keras#default -> last#default", "image"] == ["failure"]
    assert len(list(ET.fromstring(text))) == 2


def test_findings_of_what_could_not_be_checked_are_errors(lint, undecided):
    open_link = lint.links[1]
    told = LintFinding(
        subject=open_link.name,
        finding=Finding(rule="ambiguous_plan", level="error", place="image", message="two plans", help="declare"),
        location=open_link.location,
        fingerprint="d" * 64,
    )
    unread = LintFinding(
        subject="lost",
        finding=Finding(rule="unreadable_model", level="error", place="lost", message="not there", help="mend it"),
        location=open_link.location,
        fingerprint="e" * 64,
    )
    found = outcomes(render_lint(LintResult(**{**dict(lint), "findings": (told, unread)})))
    assert found[open_link.name, "image"] == ["error"]
    assert found["ci/sigcheck.toml", "lost"] == ["error"]
