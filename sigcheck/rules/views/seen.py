"""What rules see of the graphs behind a match: the claims of each endpoint, pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import interval, names, number
from sigcheck.schema.facts import Origin, Range
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.inferred import Inferred, Tier
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.stored_values import reachable

# A declared end this far beyond a proved one, as a part of the width, is no rounding.
_BEYOND = 0.01


class Pair(NamedTuple):
    """A binding with the two endpoints that it binds."""

    binding: Binding
    output: Endpoint
    input: Endpoint

    def finding(self, rule: str, level: Level, message: str, advice: str) -> Finding:
        """A finding at the input, with both endpoints whole."""
        return Finding(
            rule=rule,
            level=level,
            place=self.input.name,
            message=message,
            help=advice,
            required=str(self.input),
            provided=str(self.output),
        )


def seen_pairs(match: MatchView) -> Iterator[Pair]:
    """Yields the bindings of which a graph was looked at, or a fact is known."""
    outputs = {endpoint.name: endpoint for endpoint in match.outputs}
    inputs = {endpoint.name: endpoint for endpoint in match.inputs}
    for binding in match.bindings:
        if binding.provided in outputs and binding.required in inputs:
            yield Pair(binding, outputs[binding.provided], inputs[binding.required])


def claim_of(endpoint: Endpoint, name: str, tier: Tier | None = None) -> Inferred | None:
    """The claim of this name, of this tier where one is given."""
    return next((one for one in endpoint.inferred if one.name == name and tier in {None, one.tier}), None)


def contradictions(match: MatchView, rule: str, level: Level, origin: Origin, advice: str) -> Iterator[Finding]:
    """Yields a finding for each fact of this origin that the graph contradicts; a note for a convention."""
    sides = (("output", match.outputs), ("input", match.inputs))
    for side, endpoints in sides:
        for endpoint in endpoints:
            for claim in endpoint.inferred:
                message = _contradicted(claim, side, endpoint, origin)
                if message is not None:
                    told = level if claim.tier != "convention" else "note"
                    yield Finding(rule=rule, level=told, place=endpoint.name, message=message, help=advice)


def _contradicted(claim: Inferred, side: str, endpoint: Endpoint, origin: Origin) -> str | None:
    """What the graph says against a fact of this origin, in words; None where it says nothing against one."""
    facts = endpoint.spec.facts
    stated = getattr(facts, claim.name, None)
    is_own = stated is not None and facts.origins.get(claim.name) == origin
    if is_own and _is_contradicted(stated, claim, side, endpoint):
        return f"{origin} {words(claim.name, stated)}, the graph gives {words('', claim.value)} ({claim.reason})"
    filler = None if facts.padding is None or facts.origins.get("padding") != origin else facts.padding.value
    if side == "output" or claim.name != "id_count" or filler is None or isinstance(filler, str):
        return None
    # A negative number may be one from the end of the table.
    if filler < claim.value:
        return None
    return f"{origin} padding {number(filler)}, the graph takes ids below {claim.value} ({claim.reason})"


def _is_contradicted(stated: Any, claim: Inferred, side: str, endpoint: Endpoint) -> bool:
    if claim.name == "range":
        if claim.tier == "convention":
            return bool(stated != claim.value)
        return _goes_beyond(stated, claim.value, step=(reachable(endpoint.spec) or (0.0, 0.0, 0.0))[2])
    if claim.name == "id_count":
        # Of an output it is a bound, which need not be reached.
        return side == "input" and bool(stated > claim.value)
    return bool(stated != claim.value)


def _goes_beyond(stated: Range, proved: Range, step: float) -> bool:
    """Whether a declared range is beyond a proved one by more than rounding, and than a step of stored numbers."""
    slack = max(_BEYOND * (proved[1] - proved[0]), step)
    return stated[0] < proved[0] - slack or stated[1] > proved[1] + slack


def words(fact: str, value: Any) -> str:
    """A fact and its value as people write them; either may be empty."""
    if isinstance(value, tuple):
        ends = interval(value) if value and all(isinstance(one, float | int) for one in value) else names(value)
        return f"{fact} {ends}".strip()
    return f"{fact.replace('_', ' ')} {value}".strip()
