"""The fields and values that https://docs.gitlab.com/ci/testing/code_quality/ names."""

from __future__ import annotations

import json

import pytest

from sigcheck.reports.formats.gitlab import render_check, render_diff, render_lint

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def is_issue(one):
    return (
        isinstance(one["description"], str)
        and isinstance(one["check_name"], str)
        and isinstance(one["fingerprint"], str)
        and one["severity"] in SEVERITIES
        and isinstance(one["location"]["path"], str)
        and not one["location"]["path"].startswith("./")
        and type(one["location"]["lines"]["begin"]) is int
    )


@pytest.mark.parametrize("kind", ["result", "undecided", "blocked", "hostile"])
def test_every_issue_has_the_required_fields(kind, request):
    issues = json.loads(render_check(request.getfixturevalue(kind)))
    assert issues
    assert all(map(is_issue, issues))
    assert len({one["fingerprint"] for one in issues}) == len(issues)


def test_levels_become_severities(result, lint):
    assert [one["severity"] for one in json.loads(render_check(result))] == ["minor", "info"]
    issues = json.loads(render_lint(lint))
    assert all(map(is_issue, issues))
    assert [one["severity"] for one in issues] == ["minor", "major", "major", "major"]
    assert issues[0]["fingerprint"] == "a" * 64


def test_what_is_ignored_is_no_issue_and_what_passed_is_an_empty_list(result, lint):
    assert "unused_output" not in render_lint(lint)
    assert json.loads(render_check(result.model_copy(update={"findings": ()}))) == []


def test_a_change_is_an_issue(diff):
    (issue,) = json.loads(render_diff(diff))
    assert is_issue(issue)
    assert issue["location"]["path"] == "models/encoder2"
