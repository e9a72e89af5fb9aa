from __future__ import annotations

import pytest

from sigcheck.reports.formats import json as json_format
from sigcheck.reports.formats import text
from sigcheck.reports.parts.page import Page


def test_a_finding_stands_at_its_line_of_the_config(lint):
    told = text.render_lint(lint)
    assert "ci/sigcheck.toml:" in told
    assert any(line.startswith("found: ") for line in told.splitlines())
    assert "not checked, could not be read: lost" in told


def test_notes_links_and_what_is_ignored_are_for_those_who_ask(lint):
    plain, verbose = text.render_lint(lint), text.render_lint(lint, Page(is_verbose=True))
    assert "read by another team" not in plain
    assert "ignore: read by another team" in " ".join(verbose.split())
    assert "verdict" not in plain
    assert "verdict" in verbose


def test_a_quiet_page_has_errors_only(lint, diff):
    for told in (text.render_lint(lint, Page(is_quiet=True)), text.render_diff(diff, Page(is_quiet=True))):
        assert "warning[" not in told
        assert "note[" not in told
        assert "found:" not in told


def test_what_becomes_of_each_link(diff):
    told = text.render_diff(diff)
    for link in diff.links:
        assert link.link in told
    assert "before" in told


@pytest.mark.parametrize("kind", ["lint", "diff"])
def test_names_cannot_command_a_terminal(kind, request):
    result = request.getfixturevalue(kind)
    told = getattr(text, f"render_{kind}")(result, Page(is_verbose=True))
    assert told.replace("\n", "").isprintable()


def test_json_holds_the_exit_code_and_only_what_says_something(lint, diff):
    import json

    for result, render in ((lint, json_format.render_lint), (diff, json_format.render_diff)):
        written = json.loads(render(result))
        assert written["exit_code"] == result.exit_code
        assert written["schema_version"] == 1
    findings = json.loads(json_format.render_lint(lint))["findings"]
    assert sum("suppression" in one for one in findings) == sum(one.suppression is not None for one in lint.findings)
