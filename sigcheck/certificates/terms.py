"""Terms: what a check was told, with which it can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sigcheck.planning.declaration import Declared
from sigcheck.schema.bind import Bind
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.row_call import Map
from sigcheck.stages.read_source import ReadSource


@dataclass(frozen=True)
class Terms:
    """What a check was told besides its models: with it the same check can be made again."""

    policy: Policy = DEFAULT_POLICY
    facts: Mapping[str, Declared] = field(default_factory=dict)
    bind: Bind = field(default_factory=dict)
    # The steps to each input, where an example decided them.
    plans: Mapping[str, str] = field(default_factory=dict)
    # The constraints on sizes under which the pair holds.
    holds_where: tuple[str, ...] = ()
    mapped: Map = False
    # Models before the producer of which something is taken, by name, the nearest last.
    earlier: Mapping[str, ReadSource] = field(default_factory=dict)
    infer: bool = True
