"""Chain: a pipeline of more than two models, link by link, with one ledger of what it loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sigcheck.api import DEFAULT_TIMEOUT, Report, VerifyLevel, add_models, plan_pair, prove
from sigcheck.planning.declaration import Declared
from sigcheck.planning.names import nearest
from sigcheck.schema.errors import UsageError
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import ChainResult
from sigcheck.schema.signature import Endpoint
from sigcheck.sides import read_side


def check_chain(  # noqa: PLR0913  # those of `check`, all but the sources named
    sources: Sequence[object],
    *,
    bind: Mapping[str, str] | None = None,
    policy: Policy | None = None,
    facts: Mapping[str, Declared] | None = None,
    verify: VerifyLevel | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    load: bool = False,
    run_models: bool = False,
    infer: bool = True,
) -> tuple[ChainResult, tuple[Report, ...]]:
    """Checks each link of `sources`, the first feeding the second and so on; proved in one worker.

    `bind` and `facts` hold for every link that has the names; a name that no link has is a
    UsageError. Raises as `check` does.
    """
    if len(sources) < 2:  # noqa: PLR2004  # a link has two ends
        raise UsageError("chain", f"{len(sources)} source, expected two or more. Name what comes next.")
    ends = [
        (read_side(producer, "outputs", load=load)[1], read_side(consumer, "inputs", load=load)[1])
        for producer, consumer in pairwise(sources)
    ]
    _check_names(ends, bind or {}, facts or {})
    drafts = [
        plan_pair(
            producer,
            consumer,
            bind_names=_bound(bind or {}, outputs, inputs),
            policy=policy or DEFAULT_POLICY,
            facts=_declared(facts or {}, outputs, inputs),
            load=load,
            infer=infer,
        )
        for (producer, consumer), (outputs, inputs) in zip(pairwise(sources), ends, strict=True)
    ]
    if run_models:
        drafts = [
            add_models(draft, producer, consumer, verify, load=load)
            for draft, (producer, consumer) in zip(drafts, pairwise(sources), strict=True)
        ]
    reports = tuple(prove(drafts, verify, timeout))
    return ChainResult(links=tuple(report.result for report in reports)), reports


Ends = tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]


def _names(endpoints: Sequence[Endpoint]) -> set[str]:
    return {endpoint.name for endpoint in endpoints}


def _check_names(ends: Sequence[Ends], bind: Mapping[str, str], facts: Mapping[str, Declared]) -> None:
    outputs = {name for given, _ in ends for name in _names(given)}
    inputs = {name for _, taken in ends for name in _names(taken)}
    for output, name in bind.items():
        if not any(output in _names(given) and name in _names(taken) for given, taken in ends):
            known = sorted(outputs) if output not in outputs else sorted(inputs)
            wrong = output if output not in outputs else name
            raise UsageError(f"bind {output}={name}", f"no link has both; {nearest(wrong, known)}")
    for side, names in (("producer", outputs), ("consumer", inputs)):
        for name in facts.get(side, {}):
            if name not in names:
                raise UsageError(f"{side}.{name}", f"no link has it; {nearest(name, sorted(names))}")


def _bound(bind: Mapping[str, str], outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]) -> dict[str, str]:
    given, taken = _names(outputs), _names(inputs)
    return {output: name for output, name in bind.items() if output in given and name in taken}


def _declared(
    facts: Mapping[str, Declared], outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]
) -> dict[str, dict[str, Any]]:
    known = {"producer": _names(outputs), "consumer": _names(inputs)}
    return {
        side: {name: stated for name, stated in declared.items() if name in known.get(side, {name})}
        for side, declared in facts.items()
    }
