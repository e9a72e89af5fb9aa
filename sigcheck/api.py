"""The flow on one page: read, declare, bind, plan, emit, verify, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING

from sigcheck.planning.declaration import Declared
from sigcheck.schema.arguments import require_flag, require_map
from sigcheck.schema.bind import Bind, with_constants
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import Constant
from sigcheck.schema.loading import Load
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.row_call import Map
from sigcheck.schema.signature import Model
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.stages.bind import bind as bind_pair
from sigcheck.stages.declare import declare
from sigcheck.stages.draft import Draft, VerifyLevel
from sigcheck.stages.emit import emit
from sigcheck.stages.pair import NO_STATES, StatesOfLink
from sigcheck.stages.plan import plan
from sigcheck.stages.read import read_pair
from sigcheck.stages.read_source import read_source
from sigcheck.stages.report import Report, report
from sigcheck.stages.terms import require_terms
from sigcheck.stages.verify import Prover
from sigcheck.stages.verify import verify as verify_all

if TYPE_CHECKING:
    from sigcheck.schema.passed import Passed
    from sigcheck.schema.row_call import RowCall
    from sigcheck.sizes.carried import Carried

__all__ = ["DEFAULT_TIMEOUT", "Report", "VerifyLevel", "check", "draft_pair", "prove", "read"]


def read(
    source: object,
    *,
    key: str | None = None,
    tags: Sequence[str] | None = None,
    load: Load = False,
    infer: bool = False,
) -> Model:
    """The signatures of a source: a path such as `model/#serving_default`, or a live object.

    With a key, in the call or behind the `#`, the model has that signature only. `load` lets
    TensorFlow load a file, in a process of its own, for what the file does not say: a model is a
    program. A `sigcheck.Loading` says with which modules. `infer` adds what the graph in the file
    shows of the values, with its reasons. Raises SourceError where the source cannot be read and
    UsageError where the key does not exist.
    """
    require_flag("infer", infer)
    found = read_source(source, key, tags, load=load)
    return (found.shown if infer else found).model


def check(  # noqa: PLR0913  # a question has as many sides; all but two are named
    producer: object,
    consumer: object,
    *,
    bind: Bind | None = None,
    const: Mapping[str, Constant] | None = None,
    policy: Policy | None = None,
    facts: Mapping[str, Declared] | None = None,
    verify: VerifyLevel | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    load: Load = False,
    run_models: bool = False,
    example: str | PathLike[str] | None = None,
    infer: bool = True,
    map: Map = False,  # noqa: A002  # the word of the command line and of the config
    loop: bool = False,
    state: Mapping[str, str] | None = None,
) -> Report:
    """Says whether the producer's outputs can feed the consumer's inputs, and what makes them fit.

    Several producers are given as a list; outputs of one name are then `MODEL.OUTPUT`.
    `bind` maps outputs to inputs: `{"a": "x", "b": "x"}` joins two outputs, `{"a": ["x", "y"]}` shares
    or parts one, and a key such as `concat(a, b, axis=1)` says how. `const` has values for inputs that no
    output is for, as `{"is_training": False}`. `facts` declares facts as
    `{"producer": {"output_0": {"range": [0, 255]}}, "consumer": {...}}`. `verify` is the
    level of proof, by default `executed` where TensorFlow is installed; `timeout` limits it, in seconds.
    `load` reads files as `read` does with it.
    `run_models` proves it end to end: both models, which are programs, are loaded and run in the
    worker process with the adapter between them. `example` is an `.npz` file with a `provided` and a
    `required` array, by which plans that tie are decided. Without `infer` the graphs of the models are
    not looked at: only what is declared, or stands in the files as metadata, is known of values.
    With `map` the consumer is called once for each row of the outputs, as a model without a batch has to be;
    `map="producer"` gives the producer a batch in front of its own, whose entries are then the parts of one example.

    With `loop` both are one model, and what is bound are its states: outputs that its next call takes. `const` has
    what the first call is fed, for each of them. `state` says the same of the models of a pipeline,
    `{"state_out": "state_in"}`: no link feeds or takes these.

    A mismatch is a finding of the report. Raises SourceError where a side cannot be read and
    UsageError where a key, a name or a fact does not exist.
    """
    require_flag("run_models", run_models)
    require_map(map)
    require_flag("loop", loop)
    bind = with_constants(bind, const)
    if state and loop:
        raise UsageError("state", "given with loop, which binds the states of one model. Leave out one of the two.")
    draft = draft_pair(
        producer, consumer, bind, policy, facts, example, load=load, infer=infer, mapped=map, loop=loop, state=state
    )
    if draft.verdict == "blocked" and map is False and not loop and not state:
        from sigcheck.stages.elsewhere import look_elsewhere

        draft = look_elsewhere(draft, lambda a, b: draft_pair(a, b, bind, policy, facts, example, infer=infer))
    return prove([draft], verify, timeout, run_models=run_models)[0]


def draft_pair(  # noqa: PLR0913  # those of `check` that say what fits, and what comes before
    producer: object,
    consumer: object,
    names: Bind | None = None,
    policy: Policy | None = None,
    facts: Mapping[str, Declared] | None = None,
    example: str | PathLike[str] | None = None,
    *,
    load: Load = False,
    infer: bool = True,
    carried: Carried | None = None,
    earlier: Sequence[Passed] = (),
    mapped: Map = False,
    loop: bool = False,
    state: Mapping[str, str] | None = None,
    states: StatesOfLink = NO_STATES,
    lifted: RowCall | None = None,
) -> Draft:
    """The first half of the flow: what feeds what, by which steps. Raises as `check` does.

    `carried` are the sizes of the models before it in a pipeline, `earlier` tensors of those before the producer.
    `mapped` says which model is called row by row, `states` what its models feed to their own next calls,
    which `state` says by the names of outputs and inputs. `lifted` is how the producer was called row by row in the
    link before.
    """
    policy = DEFAULT_POLICY if policy is None else policy
    require_terms(names, policy, facts, example)
    pair = read_pair(producer, consumer, load=load, infer=infer).giving_rows(lifted)
    pair = pair.behind(carried).beside(earlier)
    if state:
        states, names = pair.told(state, names or {})
    if loop:
        pair, names = pair.looped(names or {})
    declared = declare(pair.taking(names), facts).apart(states, names).called(mapped)
    bound = bind_pair(declared, names, policy, example)
    return plan(declared, bound)


def prove(
    drafts: Sequence[Draft],
    level: VerifyLevel | None,
    timeout: float,
    run: Prover | None = None,
    *,
    run_models: bool = False,
) -> list[Report]:
    """The second half, for many at once: one worker process runs the adapters of all. Raises as `verify` does."""
    emitted = [(draft, emit(draft, run_models=run_models)) for draft in drafts]
    proofs = verify_all(emitted, level, timeout, run, run_models=run_models)
    return [report(draft, proof) for draft, proof in zip(drafts, proofs, strict=True)]
