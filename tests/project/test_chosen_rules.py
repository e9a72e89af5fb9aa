from __future__ import annotations

from dataclasses import replace

import pytest

from sigcheck.project.chosen_rules import choose_rules, read_rules
from sigcheck.schema.errors import UsageError
from sigcheck.schema.project import Suppression
from tests.reports.projects import large_lint

IGNORED = Suppression(by="ignore", reason="known")


def told(result):
    return {one.finding.rule for one in result.active}


def test_rules_are_selected_and_left_out():
    made = large_lint(8)
    assert told(made) == {"layout_mismatch", "truncated_rows"}
    some, left_out = choose_rules(made, {"truncated_rows"}, ())
    assert (told(some), left_out) == ({"truncated_rows"}, len(made.findings) - 1)
    assert choose_rules(made, (), {"truncated_rows"})[1] == 1
    # As ruff has it: what is in both is left out.
    assert told(choose_rules(made, {"truncated_rows"}, {"truncated_rows"})[0]) == set()
    assert choose_rules(made, (), ())[0] == made


def test_what_could_not_be_checked_is_no_pass_whatever_is_chosen():
    made = large_lint(8)
    assert made.exit_code == 2
    for select, ignore in (({"stale_lock"}, ()), ((), told(made))):
        assert choose_rules(made, select, ignore)[0].exit_code == 2


def test_an_undecided_link_that_was_accepted_stays_so_and_no_other_becomes_it():
    made = large_lint(8)
    (tied,) = (link.name for link in made.links if link.verdict == "undecided")
    ignored = tuple(replace(one, suppression=IGNORED) if one.subject == tied else one for one in made.findings)
    accepted = large_lint(8).model_copy(update={"findings": ignored})
    assert accepted.incomplete == ()
    assert choose_rules(accepted, {"stale_lock"}, ())[0].incomplete == ()
    # One error of it is ignored, the other counts.
    extra = next(one for one in made.findings if one.subject == tied)
    other = replace(extra, finding=extra.finding.model_copy(update={"rule": "ambiguous_plan"}))
    open_still = large_lint(8).model_copy(update={"findings": (*ignored, other)})
    assert open_still.incomplete == (tied,)
    assert choose_rules(open_still, (), {"ambiguous_plan"})[0].incomplete == (tied,)


def test_a_rule_that_is_none_is_told_with_the_nearest():
    with pytest.raises(UsageError, match=r"^--select: no rule 'stale_lok'. Did you mean 'stale_lock'\?$"):
        read_rules("--select", ["stale_lok"])
    with pytest.raises(UsageError, match="no rule ''"):
        read_rules("--ignore", ["lossy_cast,"])
