from __future__ import annotations

import doctest

import pytest

import sigcheck.schema.junction_text
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import MOST_PARTS
from sigcheck.schema.junction_text import parse_junction, refuse_begun, split_pair


def test_the_examples_run():
    assert doctest.testmod(sigcheck.schema.junction_text).failed == 0


@pytest.mark.parametrize(
    "text", ["output_0", "a.b", "concatenate(a, b)", "f(x)", "concat", "concat(a, b) ", "x concat(a)"]
)
def test_a_name_is_none_unless_it_is_written_as_one(text):
    if text.strip().startswith("concat("):
        with pytest.raises(UsageError):
            parse_junction(text)
    else:
        assert parse_junction(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("concat(a, b)", "no axis, expected concat(a, b, axis=1)"),
        ("concat(a, axis=1)", "1 outputs, expected concat(a, b, axis=1), of at most 64 outputs"),
        ("concat(a, a, axis=1)", "one output twice"),
        ("concat(a, b, axis=one)", "cannot be read from"),
        ("concat(a, b, axis=1, axis=2)", "an argument 'axis'"),
        ("concat(a, axis=1, b)", "a name behind the axis"),
        ("concat(a, b, dim=1)", "an argument 'dim'"),
        ("concat(a,, b, axis=1)", "cannot be read from"),
        ("concat(a, (b), axis=1)", "cannot be read from"),
        ("concat(a, b, axis=99999)", "cannot be read from"),
        ("concat(a, b, axis=--1)", "cannot be read from"),
        ("concat(a, b, axis=1.0)", "cannot be read from"),
        ("concat(a, b, axis=\uff11)", "cannot be read from"),
        ("concat(a, b, AXIS=1)", "an argument 'AXIS'"),
        ('concat(a, "a", axis=1)', "one output twice"),
        ('concat(q"q, b, axis=1)', "cannot be read from"),
        ("concat(concat(a, b, axis=1), c, axis=1)", "cannot be read from 'concat(a, b, axis=1)' on"),
        ("concat(" * 2000 + ")" * 2000, "cannot be read from"),
        ("concat(" + '"' * 9999 + ")", "cannot be read from"),
        ("concat(" + "a" * 10_000 + "=1)", "expected concat(a, b, axis=1)"),
        ("concat()", "cannot be read from"),
        ("stack( , b, axis=0)", "an empty name"),
        ("ragged_by_lengths(a, b, c)", "3 outputs, expected ragged_by_lengths(values, lengths)"),
        ("ragged_by_lengths(a, b, axis=1)", "an argument 'axis'"),
        ("split(a, b, axis=1)", "2 outputs, expected split(a, axis=1)"),
        ("share(a, axis=1)", "an argument 'axis'"),
        (f"stack({', '.join(map(str, range(MOST_PARTS + 1)))}, axis=0)", "65 outputs"),
        ("concat(" + "a," * 50_000 + "axis=1)", "50000 outputs"),
        ('concat("' + "a" * 50_000 + ", axis=1)", "cannot be read from"),
    ],
)
def test_what_is_written_wrongly_is_refused_with_an_example(text, problem):
    with pytest.raises(UsageError) as raised:
        parse_junction(text)
    assert problem in str(raised.value)
    # One line that people can read, whatever was written.
    assert len(str(raised.value)) < 400
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("a=x", ("a", "x")),
        ("a", ("a", "")),
        ("concat(a, b, axis=1)=x", ("concat(a, b, axis=1)", "x")),
        ('concat("a)=b", c, axis=1)=x', ('concat("a)=b", c, axis=1)', "x")),
        ("a=concat(b)=c", ("a", "concat(b)=c")),
        ("concat(a, b, axis=1)", ("concat(a, b, axis=1)", "")),
        ("concat(a, b, axis=1)=", ("concat(a, b, axis=1)", "")),
        ('share("a=b")=x', ('share("a=b")', "x")),
        ("concat(a, b, axis=1)=y=z", ("concat(a, b, axis=1)", "y=z")),
    ],
)
def test_a_pair_is_parted_behind_a_junction(text, pair):
    assert split_pair(text) == pair


@pytest.mark.parametrize("text", ["concat(a, b, axis", " Split (a, axis=1)", "share(a", "ragged_by_lengths("])
def test_a_junction_that_is_not_ended_is_told_how_one_is_written(text):
    with pytest.raises(UsageError, match=r"begins as a junction and is not written as one, expected \w+\(.*\)=IN"):
        refuse_begun(text, "bind")


@pytest.mark.parametrize("text", ["a", "concatenate(a", "my concat(a", "concat"])
def test_other_names_are_no_junctions_that_are_begun(text):
    refuse_begun(text, "bind")
