from __future__ import annotations

import pytest

from sigcheck.schema.finding import Finding
from sigcheck.schema.project import LintedLink, LintedModel, LintFinding, LintResult, Location, Suppression
from sigcheck.schema.report import CheckResult, Side

PLACE = Location(path="sigcheck.toml", line=3)
SIDE = Side(source="m", reader="keras", key="default")
IGNORED = Suppression(by="ignore", reason="known")


def found(level, suppression=None, subject="a -> b"):
    finding = Finding(rule="rank_mismatch", level=level, place="x", message="m", help="h")
    return LintFinding(subject=subject, finding=finding, location=PLACE, fingerprint="f", suppression=suppression)


def link(verdict, problem=None):
    check = None if verdict is None else CheckResult(producer=SIDE, consumer=SIDE, verdict=verdict)
    return LintedLink(name="a -> b", producer="a", consumer="b", location=PLACE, check=check, problem=problem)


def model(problem=None):
    return LintedModel(name="a", source="a", location=PLACE, problem=problem)


@pytest.mark.parametrize(
    ("models", "links", "findings", "code"),
    [
        ((), (), (), 0),
        ((model(),), (link("fits"),), (found("warning"), found("note")), 0),
        ((), (link("blocked"),), (found("error"),), 1),
        ((), (link("blocked"),), (found("error", IGNORED),), 0),
        ((), (link("undecided"),), (), 2),
        ((), (link("undecided"),), (found("error"), found("error", IGNORED)), 2),
        ((), (link("undecided"),), (found("error", IGNORED),), 0),
        ((), (link("undecided"),), (found("error", IGNORED, "b -> c"),), 2),
        ((), (link(None, "no such output"),), (found("error", IGNORED),), 2),
        ((model("broken"),), (), (found("error", IGNORED, "a"),), 2),
        ((model("broken"),), (link("blocked"),), (found("error"),), 2),
    ],
)
def test_the_exit_code_never_makes_a_failed_check_a_clean_one(models, links, findings, code):
    result = LintResult(config="sigcheck.toml", models=models, links=links, findings=findings)
    assert result.exit_code == code
    assert bool(result.incomplete) is (code == 2)


def test_a_link_that_was_not_checked_is_undecided():
    assert link(None, "m was not read").verdict == "undecided"


def test_what_is_suppressed_does_not_count():
    result = LintResult(config="c", findings=(found("error", IGNORED), found("note")))
    assert [one.finding.level for one in result.active] == ["note"]


def test_a_location_reads_as_editors_take_it():
    assert str(PLACE) == "sigcheck.toml:3"
