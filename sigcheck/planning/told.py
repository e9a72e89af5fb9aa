"""Told: what the user bound, checked against the names there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sigcheck.planning.names import nearest
from sigcheck.schema.bind import Bind, bound_pairs
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import CONSTANT, FAN_IN, MOST_PARTS, Junction
from sigcheck.schema.junction_text import parse_junction, refuse_begun
from sigcheck.schema.printable import shortened
from sigcheck.schema.signature import Endpoint

# What gives each input a piece, so that all of the output is given.
_PARTING = frozenset({"split", "unstack"})


@dataclass(frozen=True)
class Told:
    """Inputs that are fed by one output each; groups to be joined or parted; and junctions that were named.

    A group is (outputs, inputs), several of one of the two. All are names, in the order written.
    """

    single: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    junctions: tuple[tuple[Junction, tuple[str, ...]], ...] = ()


def read_told(
    bind: Bind, outputs: Mapping[str, Endpoint], inputs: Mapping[str, Endpoint], passed: Collection[str] = ()
) -> Told:
    """What `bind` says; `passed` are names that could stand in it, too.

    Raises UsageError where a name does not exist, or an input is bound in two ways.
    """
    if not bind:
        return Told()
    known = [*outputs, *(name for name in passed if name not in outputs)]
    by_input: dict[str, list[str]] = {}
    by_output: dict[str, list[str]] = {}
    named: dict[str, Junction] = {}
    for output, name in bound_pairs(bind):
        place = f"bind {shortened(f'{output}={name}')}"
        junction = None if output in outputs else parse_junction(output)
        for one in (output,) if junction is None else junction.outputs:
            if one not in outputs and one in inputs and name in outputs:
                raise UsageError(place, f"input and output are the wrong way round, expected {name}={one}. Turn them.")
            if one not in outputs:
                refuse_begun(one, place)
                raise UsageError(
                    place,
                    f"the producer has no output {shortened(one)!r}; {nearest(one, known)}",
                )
        if name not in inputs:
            raise UsageError(place, f"the consumer has no input {shortened(name)!r}; {nearest(name, inputs)}")
        before = by_input.setdefault(name, [])
        if output in before:
            raise UsageError(place, "bound twice, expected once. Leave one out.")
        if before and (junction is not None or before[0] in named):
            raise UsageError(place, f"the input {name!r} is bound to {before[0]!r} already. Bind it once.")
        before.append(output)
        by_output.setdefault(output, []).append(name)
        if junction is not None:
            named[output] = junction
    _require_one_parting(named)
    return _grouped(by_input, by_output, named)


def _require_one_parting(named: Mapping[str, Junction]) -> None:
    """Raises UsageError for an output that a junction parts and another one takes too: its pieces would go twice."""
    for text, junction in named.items():
        if junction.kind not in _PARTING:
            continue
        (output,) = junction.outputs
        for other, second in named.items():
            if other != text and second.kind != CONSTANT and output in second.outputs:
                problem = (
                    f"the output {shortened(output)!r} is claimed by {shortened(other)} too, expected one junction"
                )
                raise UsageError(f"bind {shortened(text)}", f"{problem}. Leave one of them out.")


def _grouped(by_input: dict[str, list[str]], by_output: dict[str, list[str]], named: dict[str, Junction]) -> Told:
    single: dict[str, str] = {}
    groups: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for name, joined in by_input.items():
        if len(joined) > MOST_PARTS:
            raise UsageError(f"bind {name}", f"{len(joined)} outputs, expected at most {MOST_PARTS}. Join some before.")
        if len(joined) > 1:
            groups.append((tuple(joined), (name,)))
    for output, names in by_output.items():
        own = [name for name in names if len(by_input[name]) == 1]
        if output in named and named[output].kind != "share":
            continue
        source = named[output].outputs[0] if output in named else output
        # An output that is joined elsewhere too is given whole.
        if output in named or len(own) < len(names) or len(own) == 1:
            single.update(dict.fromkeys(own, source))
        else:
            groups.append(((output,), tuple(own)))
    junctions = tuple((one, tuple(by_output[text])) for text, one in named.items() if one.kind != "share")
    for one, taken in junctions:
        if one.kind not in FAN_IN and not 1 < len(taken) <= MOST_PARTS:
            found = (
                f"{len(taken)} input{'' if len(taken) == 1 else 's'}, expected 2 to {MOST_PARTS} that part the output"
            )
            raise UsageError(f"bind {one}={taken[0]}", f"{found}. Bind each of them to it.")
    return Told(single, tuple(groups), junctions)
