from __future__ import annotations

from hypothesis import given

from sigcheck.sizes.expression import Variable, constant
from sigcheck.sizes.substitution import evaluate, substitute
from tests.sizes.expressions import SIZES, pairs


@given(pairs(), SIZES, SIZES)
def test_the_normal_form_has_the_value_of_what_it_stands_for(pair, n, m):
    made, plain = pair
    assert evaluate(made, {Variable("n"): n, Variable("m"): m}) == plain(n, m)


@given(pairs(), SIZES, SIZES)
def test_variables_are_replaced_everywhere(pair, n, m):
    made, plain = pair
    told = substitute(made, {Variable("n"): constant(n), Variable("m"): constant(m)})
    assert told.number == plain(n, m)
