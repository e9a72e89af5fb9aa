"""An undecided verdict is said in words that match its cause: each cause wants something else to be done."""

from __future__ import annotations

import pytest

import sigcheck
from sigcheck.reports.formats import html, text
from sigcheck.reports.parts.meaning import meaning, meaning_of
from sigcheck.schema.finding import Finding

TIED = "several plans tie, and nothing declared decides"
MADE_UP = "the only plan makes up what nobody declared"
STOPPED = "the search ended at its limit"
UNREAD = "a spec could not be read in full"
OUTPUTS = "several outputs tie for an input, and nothing declared decides"
JOINED = "how outputs are joined is not declared"

CASES = {
    "two plans": ("p: float32[?, 224, 224, 3]", "q: float32[?, 299, 299, 3]", None, TIED),
    "a row that is filled up": ("p: int32[?, 100]", "q: int32[?, 128]", None, MADE_UP),
    "two outputs": ("a: int8[?]; b: int8[?]", "x: int8[?]", None, OUTPUTS),
    "two outputs in one": ("a: float32[?, 8]; b: float32[?, 8]", "x: float32[?, 8]", {"a": "x", "b": "x"}, JOINED),
    "a dtype that is not known": ("p: unknown[*]", "q: float32[?, 8]", None, UNREAD),
}


def side(written):
    return dict(one.split(": ") for one in written.split("; "))


@pytest.mark.parametrize("case", CASES)
def test_a_check_names_its_cause(case):
    provided, required, bind, said = CASES[case]
    report = sigcheck.check(side(provided), side(required), bind=bind, verify="typed")
    assert report.verdict == "undecided"
    assert meaning_of(report.result) == said
    assert f"undecided: {said}\n" in text.render_check(report.result)
    assert said in html.render_check(report.result)


def test_a_search_that_ended_at_its_limit_asks_for_no_declaration(undecided):
    tied = undecided.bindings[0]
    stopped = tied.model_copy(update={"is_cut_short": True, "candidates": ()})
    assert meaning("undecided", [stopped]) == STOPPED
    # The one that was found till then may not be the only one: it is not called so.
    assert meaning("undecided", [stopped.model_copy(update={"candidates": tied.candidates[:1]})]) == STOPPED
    assert meaning("undecided", [stopped, tied]) == f"{STOPPED}; {TIED}"


def test_inputs_of_other_batches_are_no_values_made_up(undecided):
    lone = undecided.bindings[0].model_copy(update={"candidates": undecided.bindings[0].candidates[:1]})
    finding = Finding(rule="unshared_batch", level="error", place=lone.required, message="another batch", help="")
    assert meaning("undecided", [lone], [finding]) == "inputs of one consumer may get different batches"
    # One that is guarded is a warning, and decides nothing.
    guarded = finding.model_copy(update={"level": "warning"})
    assert meaning("undecided", [lone], [guarded]) == MADE_UP


def test_what_no_cause_is_known_of_asks_for_a_declaration(undecided):
    bare = undecided.bindings[0].model_copy(update={"candidates": ()})
    assert meaning("undecided", [bare]) == "a declaration is needed"


def test_the_lint_lists_what_is_not_checked_by_cause(lint):
    told = text.render_lint(lint)
    assert "not checked, could not be read: lost" in told
