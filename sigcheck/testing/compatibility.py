"""Whether one model can feed another, as an assertion."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

from sigcheck import api
from sigcheck.reports.parts.meaning import meaning_of
from sigcheck.rules import RULES
from sigcheck.schema.bind import Bind
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import Constant
from sigcheck.schema.near_name import near_names
from sigcheck.schema.policy import Policy
from sigcheck.schema.row_call import Map
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.testing.failure_text import explain, sides

if TYPE_CHECKING:
    from sigcheck.adapters.callable import CallableAdapter

Facts = Mapping[str, Mapping[str, Any]]


def assert_compatible(  # noqa: PLR0913  # the keywords of a check
    producer: object,
    consumer: object,
    *,
    bind: Bind | None = None,
    const: Mapping[str, Constant] | None = None,
    facts: Facts | None = None,
    policy: Policy | None = None,
    verify: api.VerifyLevel | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    example: str | PathLike[str] | None = None,
    map: Map = False,  # noqa: A002  # the word of a check
) -> CallableAdapter:
    """Asserts that the producer's outputs can feed the consumer's inputs, and returns the adapter that lets them.

    The keywords are those of `sigcheck.check`. The adapter takes a dict of outputs and gives a
    dict of inputs, or a bare tensor where there is one of each; where the models fit as they
    are it passes values on.

    Raises AssertionError, with the cure, where they cannot or where declarations have to decide
    it; SourceError and UsageError as `sigcheck.check` does.
    """
    __tracebackhide__ = True
    report = api.check(
        producer,
        consumer,
        bind=bind,
        const=const,
        facts=facts,
        policy=policy,
        verify=verify,
        timeout=timeout,
        example=example,
        map=map,
    )
    adapter = report.adapter
    if report.exit_code == 0 and adapter is not None:
        return adapter
    giver, taker = sides(report)
    said = meaning_of(report.result)
    if report.verdict == "undecided":
        headline = f"undecided whether {giver} can feed {taker}: {said}"
    elif report.verdict == "blocked":
        headline = f"{giver} cannot feed {taker}: {said}"
    else:
        headline = f"{giver} could feed {taker} by an adapter, but a finding is an error"
    raise AssertionError(explain(report, headline))


def assert_incompatible(  # noqa: PLR0913  # the keywords of a check, and the rule
    producer: object,
    consumer: object,
    *,
    rule: str | None = None,
    bind: Bind | None = None,
    const: Mapping[str, Constant] | None = None,
    facts: Facts | None = None,
    policy: Policy | None = None,
    verify: api.VerifyLevel | None = "typed",
    timeout: float = DEFAULT_TIMEOUT,
    example: str | PathLike[str] | None = None,
    map: Map = False,  # noqa: A002  # the word of a check
) -> None:
    """Asserts that the producer cannot feed the consumer within the policy; with `rule`, that this rule says so.

    What is undecided is not known to be incompatible: it passes only where `rule` names the
    finding, such as `ambiguous_plan`. No adapter is run unless `verify` asks for it.

    Raises AssertionError where they are compatible or another rule speaks, UsageError where
    there is no such rule, and otherwise as `sigcheck.check` does.
    """
    __tracebackhide__ = True
    if rule is not None and rule not in RULES:
        near = near_names(rule, RULES)
        hint = f"Did you mean {near[0]!r}?" if near else "`sigcheck explain` lists all."
        raise UsageError("rule", f"no rule {rule!r}. {hint}")
    report = api.check(
        producer,
        consumer,
        bind=bind,
        const=const,
        facts=facts,
        policy=policy,
        verify=verify,
        timeout=timeout,
        example=example,
        map=map,
    )
    giver, taker = sides(report)
    if report.exit_code == 0:
        plans = [f"  {one.required} from {one.provided}: {one.verdict}, {one.whole}" for one in report.bindings]
        raise AssertionError("\n".join([f"{giver} can feed {taker}", "", *plans]))
    found = list(dict.fromkeys(finding.rule for finding in report.findings if finding.level == "error"))
    if rule is not None and rule not in found:
        headline = f"{giver} cannot feed {taker}, but not by {rule}: the errors are of {', '.join(found)}"
        raise AssertionError(explain(report, headline))
    if rule is None and report.verdict == "undecided":
        headline = f"undecided whether {giver} can feed {taker}: declare what is missing, or name the rule"
        raise AssertionError(explain(report, headline))
