"""Moved: floats that follow from sizes go where an operation moves elements, as whole numbers of one denominator."""

from __future__ import annotations

from dataclasses import replace
from math import lcm

from sigcheck.sizes.call import Call, Results, Rule
from sigcheck.sizes.reals import Reals
from sigcheck.sizes.tensor import Sized, multiply


def moved(rule: Rule) -> Rule:
    """The rule of an operation that only moves elements, for floats too."""

    def ruled(call: Call) -> Results:
        under = lcm(*(one.reals.under for one in call.operands if one.reals is not None))
        if all(one.reals is None for one in call.operands):
            return rule(call)
        whole = replace(call, operands=[_whole(one, under) for one in call.operands], conditions=call.conditions)
        found = rule(whole)
        return _real(found, under) if isinstance(found, Sized) else [_real(one, under) for one in found]

    return ruled


def _whole(one: Sized, under: int) -> Sized:
    if one.reals is None:
        return one
    share = under // one.reals.under
    return one._replace(numbers=one.reals.changed(lambda size: multiply(size, share)).over, reals=None)


def _real(one: Sized, under: int) -> Sized:
    return one._replace(numbers=None, reals=None if one.numbers is None else Reals(one.numbers, under))
