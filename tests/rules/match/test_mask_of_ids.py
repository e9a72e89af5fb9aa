"""A mask is not made of rows that are filled up: where they may be ids, that is what is to be said."""

from __future__ import annotations

import shlex

import sigcheck
from sigcheck.schema.policy import Policy

SIDES = {"ids": "ragged int32[?, None]"}, {"input_mask": "int32[?, 16]"}


def check(**options):
    facts = {"consumer": {"input_mask": {"meaning": "mask"}}, **options.pop("facts", {})}
    return sigcheck.check(*SIDES, facts=facts, verify="typed", **options)


def test_ids_without_a_meaning_are_to_be_called_so():
    report = check()
    assert (report.verdict, report.exit_code) == ("undecided", 2)
    (finding,) = [one for one in report.findings if one.rule == "invented_values"]
    told = "--fact producer.ids.meaning=token_ids and --loss input_mask=irreversible"
    assert told in finding.help
    assert "where they are mask already" in finding.help
    # Followed as it is printed, it settles it.
    assert shlex.split(told)[4].partition("=")[2] == "irreversible"
    settled = check(
        facts={"producer": {"ids": {"meaning": "token_ids"}}}, policy=Policy(losses={"input_mask": "irreversible"})
    )
    assert (settled.verdict, settled.exit_code) == ("adapts", 0)
    assert [str(step) for step in settled.bindings[0].steps] == ["mask(dtype=int32, size=16)"]
