"""What a rule of an upgrade is, and what it sees: one signature of a model, old and new.

One model of compatibility gives every level. Whoever fed the old inputs feeds the new ones, so
an input may take more, never less; whoever took the old outputs takes the new ones, so an
output may give less, never more. What breaks that is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint, Signature

End = Literal["input", "output"]

# Keras counts these up with every model that a process builds: names that differ mean nothing.
_COUNTED = re.compile(r"(keras_tensor|input_layer)(_\d+)?")


class Pair(NamedTuple):
    """One input or output, old and new."""

    end: End
    old: Endpoint
    new: Endpoint

    @property
    def provided(self) -> Endpoint:
        """What is given after the upgrade: to an input what it was given before, by an output the new."""
        return self.old if self.end == "input" else self.new

    @property
    def required(self) -> Endpoint:
        """What must then hold: of an input the new spec, of an output the old one."""
        return self.new if self.end == "input" else self.old

    def finding(self, rule: str, level: Level, message: str, advice: str) -> Finding:
        """A finding at this input or output, with both specs whole."""
        return Finding(
            rule=rule,
            level=level,
            place=self.new.name,
            message=message,
            help=advice,
            required=str(self.required),
            provided=str(self.provided),
        )


@dataclass(frozen=True)
class UpgradeView:
    """A signature, old and new; `new` is None where it is gone. Counted names are compared by position."""

    old: Signature
    new: Signature | None

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The inputs and outputs that both have, in the order of the old signature."""
        new = self.new
        if new is None:
            return ()
        inputs = [Pair("input", *pair) for pair in _matched(self.old.inputs, new.inputs)]
        return (*inputs, *(Pair("output", *pair) for pair in _matched(self.old.outputs, new.outputs)))

    def removed(self, end: End) -> tuple[Endpoint, ...]:
        """Those that the new signature lacks."""
        return () if self.new is None else _lacking(_side(self.old, end), _side(self.new, end))

    def added(self, end: End) -> tuple[Endpoint, ...]:
        """Those that the old signature lacked."""
        return () if self.new is None else _lacking(_side(self.new, end), _side(self.old, end))

    def renamed(self, endpoint: Endpoint, end: End) -> str:
        """Words on the one added input or output of the same spec, where there is one; else empty."""
        twins = [one.name for one in self.added(end) if one.spec == endpoint.spec]
        return f"; it may be {twins[0]!r} now, which has the same spec" if len(twins) == 1 else ""


class UpgradeRule(Protocol):
    """One kind of change. Each is a module of this shape; its docstring is its help page."""

    NAME: str
    ORDER: int
    LEVEL: Level

    def find(self, upgrade: UpgradeView, /) -> Iterator[Finding]:
        """Yields what the rule finds, in the order of the signature."""


def _side(signature: Signature, end: End) -> Sequence[Endpoint]:
    return signature.inputs if end == "input" else signature.outputs


def _matched(old: Sequence[Endpoint], new: Sequence[Endpoint]) -> Iterator[tuple[Endpoint, Endpoint]]:
    after = dict(zip(_identities(new), new, strict=True))
    for identity, endpoint in zip(_identities(old), old, strict=True):
        if identity in after:
            yield endpoint, after[identity]


def _lacking(these: Sequence[Endpoint], others: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    known = set(_identities(others))
    return tuple(one for identity, one in zip(_identities(these), these, strict=True) if identity not in known)


def _identities(endpoints: Sequence[Endpoint]) -> list[tuple[str, int]]:
    """The name, or for a counted one its stem and position among those of this stem."""
    identities, counts = [], dict[str, int]()
    for endpoint in endpoints:
        found = _COUNTED.fullmatch(endpoint.name)
        if found is None:
            identities.append((endpoint.name, -1))
        else:
            counts[found[1]] = counts.get(found[1], -1) + 1
            identities.append((found[1], counts[found[1]]))
    return identities
