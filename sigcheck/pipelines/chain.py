"""Chain: a pipeline of more than two models, link by link, with one ledger of what it loses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sigcheck.api import draft_pair, prove
from sigcheck.pipelines.feeding import behind, feed_of, first
from sigcheck.pipelines.links import (
    ChainLink,
    bound_by_link,
    declared_by_link,
    models_of,
    policy_by_link,
    read_links,
)
from sigcheck.planning.declaration import Declared
from sigcheck.planning.effort import OF_CALL, bounded_effort
from sigcheck.planning.told_states import told_states
from sigcheck.schema.arguments import (
    require_bind,
    require_facts,
    require_flag,
    require_map,
    require_policy,
    require_sources,
)
from sigcheck.schema.bind import Bind, with_constants
from sigcheck.schema.budget import bounded_call
from sigcheck.schema.chain import ChainResult
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import Constant
from sigcheck.schema.loading import Load, require_load
from sigcheck.schema.passed import Passed
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.row_call import Map, RowCall
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.sizes.carried import Carried
from sigcheck.stages.draft import Draft, VerifyLevel
from sigcheck.stages.report import Report


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
    load: Load = False,
    run_models: bool = False,
    infer: bool = True,
    state: Mapping[str, str] | None = None,
    map: Map = False,  # noqa: A002  # the word of the command line and of the config
) -> tuple[ChainResult, tuple[Report, ...]]:
    """Checks each link of `sources`, the first feeding the second and so on; proved in one worker.

    `bind`, `const` and `facts` hold for every link that has the names; a name that no link has is a
    UsageError. A link may take of every model before it, by `input.NAME`, `MODEL.OUTPUT` or `MODEL.input.NAME`,
    and `MODEL.INPUT` names the input of one model. `state` has the inputs of models by the outputs that they were in
    the call before, `const` what the first call is fed: no link feeds or takes these. With `map`
    the consumer of a link that does not pass otherwise is called once for each row of its outputs; `map="producer"`
    gives the first model a batch in front of its own. Raises as `check` does.
    """
    require_sources("chain", sources)
    require_load(load)
    require_flag("run_models", run_models)
    require_map(map)
    if run_models and map is not False:
        problem = "given with map for a chain, whose models are then not run as they are served"
        raise UsageError("run_models", f"{problem}. Leave out one of the two: fuse, and run what was written.")
    if facts is not None:
        require_facts(facts)
    if bind is not None:
        require_bind(bind)
    policy = DEFAULT_POLICY if policy is None else policy
    require_policy("policy", policy)
    bind = with_constants(bind, const)
    if len(sources) < 2:  # noqa: PLR2004  # a link has two ends
        raise UsageError("chain", f"{len(sources)} source, expected two or more. Name what comes next.")
    links = read_links(sources, load=load)
    told = told_states(models_of(links), state or {}, bind or {})
    bind = told.bind
    policies = policy_by_link(links, policy)
    bound = bound_by_link(links, bind or {})
    declared = declared_by_link(links, facts or {}, bound)
    drafts: list[Draft] = []
    carried: Carried | None = None
    seen: dict[Origin, Endpoint] = {}
    lifted: dict[int, RowCall] = {}
    for at, link in enumerate(links):
        drafted = partial(
            draft_pair,
            link.producers,
            link.consumer,
            names=bound[at],
            policy=policies[at],
            facts=declared[at],
            infer=infer,
            carried=carried,
            earlier=[one for each in link.passed if each.model < at for one in _seen(each, seen, lifted)],
            states=(told.states[at], told.states[at + 1]),
            lifted=lifted.get(at),
        )
        draft = drafted(mapped="producer" if map == "producer" and at == 0 else False)
        # Of an output that is fed row by row a later link takes the whole.
        seen |= _of_producer(draft, link, at)
        if map in {True, "consumer"}:
            draft = _row_by_row(draft, drafted)
        if draft.rows is not None:
            lifted[at + (draft.rows.called == "consumer")] = draft.rows
        carried = behind(first(draft) if carried is None else carried, draft)
        drafts.append(draft)
    drafts = _used_later(drafts, links)
    reports = tuple(prove(drafts, verify, timeout, run_models=run_models))
    feed = None if carried is None else feed_of(carried)
    return ChainResult(links=tuple(report.result for report in reports), feed=feed), reports


def _row_by_row(draft: Draft, drafted: Callable[..., Draft]) -> Draft:
    """The link with its consumer called row by row, where it passes so and does not otherwise."""
    if draft.has_adapter:
        return draft
    try:
        called = drafted(mapped=True)
    except UsageError:
        # There are no rows, or no tensor holds what it gives for all: what the link lacks is told as it is.
        return draft
    return called if called.has_adapter else draft


# Which model of the chain, which of its sides, and what it calls the tensor.
Origin = tuple[int, str, str]


def _of_producer(draft: Draft, link: ChainLink, at: int) -> dict[Origin, Endpoint]:
    """What later links may take of the producer of this one, as its graph shows it."""
    outputs, own = {one.name for one in link.outputs}, {one.name for one in link.passed if one.model == at}
    found: dict[Origin, Endpoint] = {(at, "outputs", one.name): one for one in draft.outputs if one.name in outputs}
    return found | {(at, "inputs", one.tensor): one.endpoint for one in draft.passed if one.name in own}


def _used_later(drafts: Sequence[Draft], links: Sequence[ChainLink]) -> list[Draft]:
    """The drafts without the outputs among the unused that a later link takes."""
    taken = {
        (one.model, one.tensor)
        for draft, link in zip(drafts, links, strict=True)
        for one in link.passed
        if one.end == "outputs" and one.name in {end.name for end in draft.outputs}
    }
    left = [tuple(one for one in draft.match.unused if (at, one.name) not in taken) for at, draft in enumerate(drafts)]
    return [
        replace(draft, match=replace(draft.match, unused=unused)) for draft, unused in zip(drafts, left, strict=True)
    ]


def _seen(one: Passed, seen: Mapping[Origin, Endpoint], lifted: Mapping[int, RowCall]) -> Iterator[Passed]:
    """Yields the tensor with what is known of it where it was made; its sizes are then those of the first model.

    Of a model that is called row by row it is all rows; what it is fed is nowhere whole.
    """
    if one.model in lifted:
        rows = {end.name: end for end in lifted[one.model].results} if one.end == "outputs" else {}
        if one.tensor in rows:
            yield one.model_copy(update={"endpoint": rows[one.tensor].model_copy(update={"name": one.name})})
        return
    found = seen.get((one.model, one.end, one.tensor))
    if found is None:
        # A state, which the link of its model has left out.
        yield one.model_copy(update={"endpoint": one.endpoint.model_copy(update={"sizes": None})})
        return
    endpoint = one.endpoint.model_copy(update={"inferred": found.inferred, "sizes": found.sizes})
    yield one.model_copy(update={"endpoint": endpoint})
