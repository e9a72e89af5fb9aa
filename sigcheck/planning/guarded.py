"""Guarded: constraints on sizes that nobody can tell before the run, asserted by the adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sigcheck.planning.matching import Match
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.size_guard import SizeGuard
from sigcheck.sizes.judged import Open


def guard(match: Match, undecided: Sequence[Open], policy: Policy) -> Match:
    """The match with what is undecided asserted behind the last of the inputs that it is of.

    As it is where there is no adapter that does more than pass values on, or no guard is allowed.
    """
    is_planned = bool(match.bindings) and all(one.plan is not None for one in match.bindings)
    is_whole = not (match.missing or match.ambiguous or match.unjoined)
    if not policy.guard or not is_planned or not is_whole or all(one.verdict == "fits" for one in match.bindings):
        return match
    order = {one.required: number for number, one in enumerate(match.bindings)}
    guards: dict[int, list[SizeGuard]] = {}
    for one in undecided:
        ends = {source for source, _ in one.places.values()}
        if one.is_assertable and ends <= order.keys():
            last = max(order[name] for name in ends)
            guards.setdefault(last, []).append(SizeGuard(holds=one.holds, test=one.test, places=one.places))
    bindings = [_guarded(one, guards.get(number, ())) for number, one in enumerate(match.bindings)]
    return replace(match, bindings=tuple(bindings))


def _guarded(binding: Binding, guards: Sequence[SizeGuard]) -> Binding:
    return binding.model_copy(update={"verdict": "guarded", "asserts": tuple(guards)}) if guards else binding
