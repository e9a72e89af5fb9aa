"""Chain: a pipeline of more than two models, link by link, with one ledger of what it loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.api import draft_pair, prove
from sigcheck.pipelines.feeding import behind, feed_of, first
from sigcheck.planning.declaration import Declared
from sigcheck.planning.effort import OF_CALL, bounded_effort
from sigcheck.planning.names import nearest
from sigcheck.schema.arguments import require_bind, require_facts, require_flag, require_sources
from sigcheck.schema.budget import bounded_call
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import Bind, Constant, add_pair, bound_pairs, meant_outputs, with_constants
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import ChainResult
from sigcheck.schema.signature import Endpoint
from sigcheck.sizes.carried import Carried
from sigcheck.stages.draft import Draft, VerifyLevel
from sigcheck.stages.join import join_producers
from sigcheck.stages.read import read_producers
from sigcheck.stages.read_source import ReadSource, read_source
from sigcheck.stages.report import Report
from sigcheck.stages.runnable import add_models
from sigcheck.stages.verify import DEFAULT_TIMEOUT


@bounded_call()
@bounded_effort(OF_CALL)
def check_chain(  # noqa: PLR0913  # those of `check`, all but the sources named
    sources: Sequence[object],
    *,
    bind: Bind | None = None,
    const: Mapping[str, Constant] | None = None,
    policy: Policy | None = None,
    facts: Mapping[str, Declared] | None = None,
    verify: VerifyLevel | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    load: bool = False,
    run_models: bool = False,
    infer: bool = True,
) -> tuple[ChainResult, tuple[Report, ...]]:
    """Checks each link of `sources`, the first feeding the second and so on; proved in one worker.

    `bind`, `const` and `facts` hold for every link that has the names; a name that no link has is a
    UsageError. Raises as `check` does.
    """
    require_sources("chain", sources)
    require_flag("load", load)
    require_flag("run_models", run_models)
    if facts is not None:
        require_facts(facts)
    if bind is not None:
        require_bind(bind)
    bind = with_constants(bind, const)
    if len(sources) < 2:  # noqa: PLR2004  # a link has two ends
        raise UsageError("chain", f"{len(sources)} source, expected two or more. Name what comes next.")
    links = _read_links(sources, load=load)
    ends = [(join_producers(producers)[1].outputs, consumer.signature.inputs) for producers, consumer in links]
    _check_names(ends, bind or {}, facts or {})
    drafts: list[Draft] = []
    carried: Carried | None = None
    for (producers, consumer), (outputs, inputs) in zip(links, ends, strict=True):
        draft = draft_pair(
            producers,
            consumer,
            names=_bound(bind or {}, outputs, inputs),
            policy=DEFAULT_POLICY if policy is None else policy,
            facts=_declared(facts or {}, outputs, inputs),
            infer=infer,
            carried=carried,
        )
        carried = behind(first(draft) if carried is None else carried, draft)
        drafts.append(draft)
    if run_models:
        drafts = [add_models(draft, verify) for draft in drafts]
    reports = tuple(prove(drafts, verify, timeout))
    feed = None if carried is None else feed_of(carried)
    return ChainResult(links=tuple(report.result for report in reports), feed=feed), reports


def _read_links(sources: Sequence[object], *, load: bool) -> list[tuple[tuple[ReadSource, ...], ReadSource]]:
    """The producers and the consumer of each link; what one link consumes the next one has from."""
    producers, links = read_producers(sources[0], load=load), []
    for number, source in enumerate(sources[1:], 1):
        consumer = read_source(source, load=load).meant("inputs")
        links.append((producers, consumer))
        if number < len(sources) - 1:
            producers = (consumer.meant("outputs"),)
    return links


Ends = tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]


def _names(endpoints: Sequence[Endpoint]) -> set[str]:
    return {endpoint.name for endpoint in endpoints}


def _check_names(ends: Sequence[Ends], bind: Bind, facts: Mapping[str, Declared]) -> None:
    outputs = {name for given, _ in ends for name in _names(given)}
    inputs = {name for _, taken in ends for name in _names(taken)}
    for output, name in bound_pairs(bind):
        if not any(_has(given, output) and name in _names(taken) for given, taken in ends):
            wrong = next((one for one in meant_outputs(output, outputs) if one not in outputs), name)
            known = sorted(inputs if wrong == name else outputs)
            raise UsageError(f"bind {output}={name}", f"no link has both; {nearest(wrong, known)}")
    for side, names in (("producer", outputs), ("consumer", inputs)):
        for name in facts.get(side, {}):
            if name not in names:
                raise UsageError(f"{side}.{name}", f"no link has it; {nearest(name, sorted(names))}")


def _bound(bind: Bind, outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]) -> dict[str, str | list[str]]:
    taken = _names(inputs)
    bound: dict[str, str | list[str]] = {}
    for output, name in bound_pairs(bind):
        if name in taken and _has(outputs, output):
            add_pair(bound, output, name)
    return bound


def _has(outputs: Sequence[Endpoint], output: str) -> bool:
    """Whether these are all the outputs that a key of `bind` speaks of."""
    names = _names(outputs)
    return names.issuperset(meant_outputs(output, names))


def _declared(
    facts: Mapping[str, Declared], outputs: Sequence[Endpoint], inputs: Sequence[Endpoint]
) -> dict[str, dict[str, Any]]:
    known = {"producer": _names(outputs), "consumer": _names(inputs)}
    return {
        side: {name: stated for name, stated in declared.items() if name in known.get(side, {name})}
        for side, declared in facts.items()
    }
