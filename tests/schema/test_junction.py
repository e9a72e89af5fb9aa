from __future__ import annotations

import doctest

import pytest

import sigcheck.schema.junction
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import MOST_PARTS, Junction, add_pair, bound_pairs, parse_junction, split_pair


def test_the_examples_run():
    assert doctest.testmod(sigcheck.schema.junction).failed == 0


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


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("a=x", ("a", "x")),
        ("a", ("a", "")),
        ("concat(a, b, axis=1)=x", ("concat(a, b, axis=1)", "x")),
        ('concat("a)=b", c, axis=1)=x', ('concat("a)=b", c, axis=1)', "x")),
        ("a=concat(b)=c", ("a", "concat(b)=c")),
        ("concat(a, b, axis=1)", ("concat(a, b, axis=1)", "")),
    ],
)
def test_a_pair_is_parted_behind_a_junction(text, pair):
    assert split_pair(text) == pair


def test_pairs_stay_in_the_order_written():
    bind: dict[str, str | list[str]] = {}
    for pair in (("b", "x"), ("a", "x"), ("b", "y"), ("b", "z")):
        add_pair(bind, *pair)
    assert bind == {"b": ["x", "y", "z"], "a": "x"}
    assert list(bound_pairs(bind)) == [("b", "x"), ("b", "y"), ("b", "z"), ("a", "x")]


def test_odd_names_are_quoted():
    assert str(Junction(kind="share", outputs=('say "x", \\',))) == 'share("say \\"x\\", \\\\")'
