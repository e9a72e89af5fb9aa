from __future__ import annotations

import doctest

import pytest
from hypothesis import given

from sigcheck.sizes import choice, expression, product, substitution
from sigcheck.sizes.choice import greater, less
from sigcheck.sizes.expression import MOST_TERMS, TooLargeError, constant, unknown, variable
from tests.sizes.expressions import SIZES, M, N, pairs


@pytest.mark.parametrize("module", [choice, expression, product, substitution], ids=lambda one: one.__name__)
def test_the_examples_of_the_docstrings(module):
    tried = doctest.testmod(module)
    assert tried.failed == 0
    assert tried.attempted


@given(pairs(), SIZES, SIZES)
def test_the_text_has_the_value_too(pair, n, m):
    made, plain = pair
    assert eval(str(made), {"n": n, "m": m, "min": min, "max": max}) == plain(n, m)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (2 * (N // 2), "2*(n // 2)"),
        (N // 2 // 2 // 2, "n // 8"),
        ((N - 1) // 2 // 3, "(n + 5) // 6 - 1"),
        (((N + 1) // 2 + 1) // 2, "(n + 3) // 4"),
        (N % 4, "n % 4"),
        ((4 * N + 3) // 6, "(2*n + 1) // 3"),
        ((2 * N + 4) // 2, "n + 2"),
        (N * M - 3, "m*n - 3"),
        (greater(N, N + 2), "n + 2"),
        (less(N, M), "min(m, n)"),
        ((N * M) // N, "m"),
        (3 - N, "3 - n"),
        (-(-N // 8), "(n + 7) // 8"),
        (-(N // 8), "-(n // 8)"),
        (constant(0), "0"),
    ],
)
def test_equal_sizes_are_one_value_and_read_well(made, text):
    assert str(made) == text


def test_what_nothing_is_known_of_is_equal_to_itself_alone():
    first, second = unknown("a"), unknown("b")
    assert (first - first).number == 0
    assert first != second
    assert not (first + N).is_known
    assert (N // 2).is_known


def nested(depth):
    deep = N
    for _ in range(depth):
        deep = greater(deep // 3, M) + N
    return deep


def test_what_grows_without_end_is_refused():
    many = constant(0)
    for number in range(MOST_TERMS):
        many += variable(f"v{number}")
    with pytest.raises(TooLargeError):
        many + variable("one more")
    with pytest.raises(TooLargeError):
        nested(40)
    with pytest.raises(TooLargeError):
        constant(2**64)


def test_a_divisor_is_positive():
    with pytest.raises(ValueError, match="positive"):
        N // 0
