from __future__ import annotations

from sigcheck.reports.parts.digest import COULD_NOT_CHECK, digest_chain, digest_check, digest_diff, digest_lint
from sigcheck.reports.parts.page import Page
from sigcheck.schema.finding import Finding


def test_a_finding_points_at_the_file_of_its_side_without_the_selector(result):
    unused = Finding(rule="unused_output", level="note", place="mask", message="m", help="h", provided="mask: bool[?]")
    first, _, last = digest_check(result.model_copy(update={"findings": (*result.findings, unused)})).problems
    assert (first.path, first.line) == ("classifier.keras", None)
    assert last.path == "models/encoder"
    assert first.subject == "models/encoder#serving_default -> classifier.keras#default"


def test_paths_have_slashes_and_lines_count_from_the_config_folder(lint):
    first = digest_lint(lint).problems[0]
    assert (first.path, first.line, str(first)) == ("ci/sigcheck.toml", 12, "ci/sigcheck.toml:12")


def test_what_failed_always_has_an_error(undecided, lint):
    (problem,) = digest_check(undecided).problems
    assert (problem.finding.rule, problem.finding.level) == (COULD_NOT_CHECK, "error")
    assert "undecided" in problem.finding.message
    told = {
        one.subject: one.finding.message for one in digest_lint(lint).problems if one.finding.rule == COULD_NOT_CHECK
    }
    assert set(told) == {"lost", "encoder -> viewer"}
    assert "no such file" in told["lost"]


def test_a_link_that_can_no_longer_be_decided_is_an_error(diff, undecided):
    broken = diff.links[1].model_copy(update={"after": undecided})
    (problem,) = digest_diff(diff.model_copy(update={"findings": (), "links": (diff.links[0], broken)})).problems
    assert (problem.subject, problem.finding.rule) == ("encoder -> cutter", COULD_NOT_CHECK)


def test_fingerprints_differ_and_survive_other_words(result):
    first, second = result.findings
    reworded = first.model_copy(update={"message": "other words"})
    doubled = result.model_copy(update={"findings": (first, first, second)})
    before = [one.fingerprint for one in digest_check(doubled).problems]
    after = [one.fingerprint for one in digest_check(doubled.model_copy(update={"findings": (reworded,)})).problems]
    assert len(set(before)) == 3
    assert after == before[:1]


def test_a_quiet_page_has_errors_only_and_still_counts_all(result, lint):
    quiet = digest_lint(lint, Page(is_quiet=True))
    assert {one.finding.level for one in quiet.problems} == {"error"}
    assert quiet.headline == digest_lint(lint).headline
    assert digest_check(result, Page(is_quiet=True)).problems == ()


def test_ignored_findings_are_not_active_and_say_why(lint):
    digest = digest_lint(lint)
    (ignored,) = set(digest.problems) - set(digest.active)
    assert ignored.suppression == "ignore: read by another team"


def test_a_chain_tells_the_findings_of_each_link(chain):
    digest = digest_chain(chain)
    assert digest.exit_code == 1
    assert [(one.subject.rpartition(" -> ")[2], one.finding.rule) for one in digest.problems] == [
        ("classifier.keras#default", "layout_mismatch"),
        ("classifier.keras#default", "unused_output"),
        ("last#default", "truncated_rows"),
    ]
    assert digest.headline == (
        "models/encoder#serving_default -> classifier.keras#default -> last#default: blocked; "
        "found: 1 error, 1 warning, 1 note"
    )
