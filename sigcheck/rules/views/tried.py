"""Tried: the advice of a help, followed as somebody would who types it. What does not lead on is not said.

A help names its options as they are written on the command line; alternatives stand behind `; or`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sigcheck.planning.advice import find_together, find_ways, is_helped, planned, with_fact
from sigcheck.planning.opening import opening
from sigcheck.planning.search import Outcome
from sigcheck.rules.words.option import Option, fact_option, rewrite_options
from sigcheck.schema.finding import Level
from sigcheck.schema.obstacle import Declaration
from sigcheck.schema.plan import VERDICTS
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.row_call import row_of, rows_of
from sigcheck.transforms.parts.sizes import picture_axes

SEE = "no fact says so: see that it is meant, else bind another output"
PAIR = "a pair of arrays does, with --example PAIR.npz"

_ALTERNATIVES = re.compile(r"; or |, or (?=[a-z ]*--)")
# What is no matter of one pair of specs is taken at its word.
_UNTRIED = frozenset({"bind", "const", "example"})
# What a fact says settles more than what the policy lets pass, and least does what lets values be made up.
_SETTLED_BY = {"fact": 0, "assume": 2, "pad_value": 2}
_GRANTED = 1


def options_of(text: str) -> list[Option]:
    """The options that a help names, in its order."""
    found: list[Option] = []

    def note(option: Option) -> str:
        found.append(option)
        return ""

    rewrite_options(text, note)
    return found


def follow(text: str, binding: Binding, policy: Policy) -> Outcome | None:
    """What the pair is once the options of a text are followed together; None where they cannot be."""
    sides = {"producer": binding.provided_spec, "consumer": binding.required_spec}
    changed = policy
    try:
        for one in options_of(text):
            if one.name == "map":
                spec = rows_of(sides["producer"]) if one.value == "producer" else row_of(sides["producer"])
                if spec is None:
                    return None
                sides["producer"] = spec
            elif one.name == "fact":
                side, _, fact = one.path
                sides[side] = with_fact(sides[side], fact, one.value)
            else:
                changed = changed.model_copy(update=_granted(one, changed))
    except ValueError:
        return None
    return planned(sides["producer"], sides["consumer"], changed)


def _granted(option: Option, policy: Policy) -> dict[str, object]:
    if option.name == "guard":
        # It stands in the words: leave out --no-guard.
        return {"guard": True}
    if option.name == "deny":
        return {"deny": tuple(name for name in policy.deny if name != option.value)}
    if option.name == "allow":
        return {"allow": (*policy.allow, str(option.value))}
    return {"loss" if option.name == "losses" else option.name: option.value}


def is_leading(text: str, binding: Binding, policy: Policy) -> bool:
    """Whether a text names options that can be tried, and the pair is better off with them."""
    options = options_of(text)
    if not options or any(one.name in _UNTRIED for one in options):
        return False
    outcome = follow(text, binding, policy)
    return outcome is not None and is_helped(outcome, binding.verdict)


def keep_leading(text: str, binding: Binding, policy: Policy, level: Level) -> str:
    """The help with those of its alternatives that lead on, what settles most first.

    An error, where no fact of its own does, says one that does, or what else leads on; a smaller finding of the
    same binding leaves that to it.
    """
    kept: list[tuple[int, int, str]] = []
    is_settled = False
    for part in _ALTERNATIVES.split(text):
        options = options_of(part)
        if not options or any(one.name in _UNTRIED for one in options):
            kept.append((len(_SETTLED_BY), len(VERDICTS), part))
        elif (outcome := follow(part, binding, policy)) is not None and is_helped(outcome, binding.verdict):
            by = max(_SETTLED_BY.get(one.name, _GRANTED) for one in options)
            kept.append((by, VERDICTS.index(outcome.verdict), part))
            is_settled |= by == _SETTLED_BY["fact"]
    if level == "error" and not is_settled:
        ways = find_ways(binding.provided_spec, binding.required_spec, policy, binding.verdict)
        kept += [
            (_SETTLED_BY["fact"], 0, f"{_if_filled(led.way, binding)}declare {told(led.way, binding)}")
            for led in ways[:1]
        ]
    if kept or level != "error":
        parts = [part for _, rank, part in sorted(kept, key=lambda one: one[:2]) if rank < len(VERDICTS)]
        # Beside what leads on there is no need to say that nothing does.
        rest = [part for _, rank, part in kept if rank == len(VERDICTS) and not (parts and part == SEE)]
        return "; else ".join(filter(None, ("; or ".join(parts), "; or ".join(rest))))
    return next(iter(_others(binding, policy)), _hopeless(binding))


def _others(binding: Binding, policy: Policy) -> list[str]:
    for plan in binding.candidates[:1]:
        lacking = opening(plan.steps, policy)
        if lacking and is_leading(lacking, binding, policy):
            return [f"accept it as it is, with {lacking}"]
    together = find_together(binding.provided_spec, binding.required_spec, policy, binding.verdict)
    return [f"declare {told(one.declare, binding)}, with {one.allow}" for one in together]


def _if_filled(way: Sequence[Declaration], binding: Binding) -> str:
    """When to follow a way: a border around pictures is seldom meant where they come in another size."""
    is_filling = any(one.fact == "padding" for one in way)
    if is_filling and picture_axes(binding.provided_spec, binding.required_spec):
        return "where the pictures are to be filled up, "
    return ""


def told(way: Sequence[Declaration], binding: Binding) -> str:
    """The options that declare a way."""
    names = {"producer": binding.provided, "consumer": binding.required}
    return " and ".join(fact_option(one.side, names[one.side], one.fact, one.value) for one in way)


def _hopeless(binding: Binding) -> str:
    if binding.candidates:
        return f"no fact that was tried decides; {PAIR}"
    return "bind another output, or write the adapter by hand"
