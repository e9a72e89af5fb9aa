"""What every rule must have; a new file is tested on arrival."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from sigcheck import rules
from sigcheck.rules import (
    CATALOG,
    COMPARISON_CATALOG,
    OBSERVATION_CATALOG,
    PROJECT_CATALOG,
    RULES,
    UPGRADE_CATALOG,
    explain,
    find_all,
    summary,
)
from sigcheck.schema.catalog import Catalog
from sigcheck.schema.errors import UsageError
from sigcheck.schema.finding import LEVELS
from sigcheck.schema.policy import Policy
from tests.rules.conftest import compares

HEADINGS = ["## What it does", "## Why is this bad?", "## Example", "## What to do"]

# Pairs of every kind, each blocked, planned or tied by nothing but its verdict.
PAIRS = [
    ("float32[?, 10]", "float32[?, 10]"),
    ("float32[?, 10]", "float16[?, 1, 10]"),
    ("int64[?]", "int32[4]"),
    ("ragged int32[?, None]", "int32[?, 12]"),
    ("sparse float32[?, 9]", "float32[?, 9]"),
    ("float32[*]", "float32[?, 3]"),
    ("string[]", "float32[]"),
    ("float32[0, 0]", "float32[0, 1]"),
]


def test_entries_are_told_in_an_order_of_their_own():
    for catalog in (CATALOG, UPGRADE_CATALOG, PROJECT_CATALOG, COMPARISON_CATALOG, OBSERVATION_CATALOG):
        orders = [rule.ORDER for rule in catalog.in_order()]
        assert orders == sorted(set(orders))
    assert set(CATALOG) & set(PROJECT_CATALOG) == {"unverified_adapter"}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_named_as_its_file_and_has_its_tests(name):
    folder = RULES[name].__name__.split(".")[-2]
    assert RULES[name].__name__ == f"sigcheck.rules.{folder}.{name}"
    assert name == RULES[name].NAME
    assert RULES[name].LEVEL in LEVELS
    assert (Path(__file__).parent / folder / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", RULES)
def test_a_help_page_has_its_headings_and_an_example_of_the_rule(name):
    page = explain(name)
    assert page.startswith(f"{name} ({RULES[name].LEVEL})\n\n")
    assert re.findall(r"^## .*$", page, re.MULTILINE) == HEADINGS
    example = page.partition("## Example\n")[2].partition("## What to do")[0]
    assert re.match(rf"    \S[^\n]*?: ({'|'.join(LEVELS)})\[{name}\]: \S", example)
    assert summary(name).endswith(".")


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(UsageError, match=r"no rule 'rank_missmatch'\. Did you mean rank_mismatch\?"):
        explain("rank_missmatch")


@pytest.mark.parametrize(("provided", "required"), PAIRS)
def test_what_fits_is_silent(found, provided, required):
    told = [*found(provided, provided, verdict="fits"), *found(required, required, verdict="fits")]
    assert [one for one in told if compares(one.partition(" ")[2])] == []


def test_where_all_fits_the_rules_alone_are_asked_that_say_so(match, tmp_path, monkeypatch):
    """A rule of names has something to say where all fits; the others are not even loaded."""
    rule = """
from sigcheck.schema.finding import Finding
NAME, ORDER, LEVEL = {name!r}, 1, "note"
def find(match):
    for binding in match.bindings:
        yield Finding(rule=NAME, level=LEVEL, place=binding.required, message="", help="")
"""
    folder = tmp_path / "rules_of_names"
    folder.mkdir()
    (folder / "of_every_match.py").write_text(f"OF_EVERY_MATCH = True{rule.format(name='of_every_match')}")
    (folder / "of_facts.py").write_text(rule.format(name="of_facts"))
    (folder / "of_some.py").write_text(f"OF_EVERY_MATCH = False{rule.format(name='of_some')}")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(rules, "CATALOG", Catalog("rules_of_names"))
    fits = match("float32[?]", "float32[?]", verdict="fits")
    assert [one.rule for one in find_all(fits)] == ["of_every_match"]
    assert "rules_of_names.of_facts" not in sys.modules
    assert len(find_all(match("float32[?]", "float32[2]", verdict="blocked"))) == 3


@pytest.mark.parametrize(("provided", "required"), PAIRS)
@pytest.mark.parametrize("policy", [Policy(), Policy(loss="irreversible"), Policy(guard=False, assume="error")])
def test_what_is_blocked_has_an_error(found, provided, required, policy):
    rules = found(provided, required, verdict="blocked", policy=policy)
    assert any(one.startswith("error ") for one in rules)
    assert len(rules) == len(set(rules))


def test_findings_stand_in_the_order_of_the_bindings(match):
    first, second = (match(*pair).bindings[0] for pair in (("string[?]", "int32[?]"), ("int32[?, 2]", "string[?]")))
    both = match("int32[]", "int32[]", verdict="fits")
    view = type(both)(
        both.producer,
        both.consumer,
        bindings=(second.model_copy(update={"required": "b"}), first.model_copy(update={"required": "a"})),
    )
    assert [(one.place, one.rule) for one in find_all(view) if compares(one.rule)] == [
        ("b", "rank_mismatch"),
        ("b", "dtype_mismatch"),
        ("a", "dtype_mismatch"),
    ]
