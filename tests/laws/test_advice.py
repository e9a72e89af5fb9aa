"""Advice helps: what a report says would open a path does, typed as it is printed."""

from __future__ import annotations

import json
import random
import re
import shlex

import pytest

from sigcheck.cli import run
from sigcheck.planning.advice import is_better
from sigcheck.rules.words.option import _OPTION, fact_option
from tests.laws.random_specs import draw_pair

PAIRS_OF_A_SEED = 25
POLICIES = ([], ["--loss", "exact"], ["--loss", "truncating"], ["--no-guard"])
UNTRIED = ("--bind", "--example")


def typed(text):
    """The options of each alternative that a line names, as a shell reads them."""
    for part in re.split(r"; or |, or (?=[a-z ]*--)", text):
        options = [word for found in _OPTION.finditer(part) for word in shlex.split(found[0])]
        if options and not any(word in UNTRIED for word in options) and "leave out" not in part:
            yield options


def said(report):
    yield from (finding["help"] for finding in report["findings"])
    for binding in report["bindings"]:
        found = binding.get("obstacle")
        if found:
            names = {"producer": binding["provided"], "consumer": binding["required"]}
            ways = [(way, "") for way in found["declare"]] + [
                (one["declare"], one["allow"]) for one in found["together"]
            ]
            for way, allow in ways:
                options = (fact_option(one["side"], names[one["side"]], one["fact"], one["value"]) for one in way)
                yield f"{' '.join(options)} {allow}"
            yield found["allow"]


@pytest.fixture
def check(tmp_path, capsys):
    """The report on a pair of specs under options, as the command line prints it."""

    def check(provided, required, options):
        for side, end, spec in (("p", "outputs", provided), ("c", "inputs", required)):
            written = json.dumps({end: [{"name": "out" if side == "p" else "x", **spec.model_dump(mode="json")}]})
            (tmp_path / f"{side}.json").write_text(written)
        arguments = [str(tmp_path / "p.json"), str(tmp_path / "c.json"), "--verify", "typed", "--format", "json"]
        run(["check", *arguments, *options])
        return json.loads(capsys.readouterr().out)

    return check


@pytest.mark.parametrize("seed", range(4))
def test_each_line_typed_as_it_is_printed_makes_the_verdict_better(check, seed):
    draw, tried = random.Random(seed), 0
    for _ in range(PAIRS_OF_A_SEED):
        (provided, required), policy = draw_pair(draw), draw.choice(POLICIES)
        report = check(provided, required, policy)
        if report["verdict"] not in {"blocked", "undecided"}:
            continue
        for text in said(report):
            for options in typed(text):
                after = check(provided, required, [*policy, *options])
                assert is_better(after["verdict"], report["verdict"]), (provided, required, policy, text)
                tried += 1
    assert tried >= 5
