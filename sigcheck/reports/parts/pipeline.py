"""Pipeline: models as boxes with their tensors as ports, and the links between them.

What a picture of a result shows, whichever format draws it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sigcheck.schema.chain import ChainResult
from sigcheck.schema.distinct import model_names
from sigcheck.schema.passed import giver_of
from sigcheck.schema.plan import VERDICTS, Verdict
from sigcheck.schema.report import CheckResult, Side

if TYPE_CHECKING:
    from sigcheck.reports.parts.digest import Result
    from sigcheck.schema.project import LintedLink, LintedModel, LintResult
    from sigcheck.schema.signature import Endpoint, Signature
    from sigcheck.schema.upgrade import DiffResult

# Models of recommenders have hundreds of inputs. Those that no link names are counted beyond so many.
MOST_UNLINKED_PORTS = 6


@dataclass(frozen=True)
class Port:
    """One tensor of a model. `is_unmet` is an input that has to be fed and is not."""

    name: str
    spec: str
    is_unmet: bool = False


@dataclass(frozen=True)
class Box:
    """One model; `more_inputs` and `more_outputs` are not shown. `problem` is why it could not be read."""

    name: str
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    more_inputs: int = 0
    more_outputs: int = 0
    problem: str | None = None


@dataclass(frozen=True)
class Wire:
    """One output that feeds one input: boxes by their number, and ports by theirs, None where unknown.

    `link` is the number of the link in the result, from 1; `story` what happens on the way.
    """

    producer: int
    output: int | None
    consumer: int
    input: int | None
    verdict: Verdict
    story: str
    link: int


@dataclass(frozen=True)
class Pipeline:
    """All boxes and wires, in the order of the result."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]

    def worst(self, most_wires: int, most_boxes: int) -> tuple[Pipeline, int]:
        """As many of them as have room, the worst wires first, and how many wires are left out.

        Boxes without wires come last.
        """
        if len(self.wires) <= most_wires and len(self.boxes) <= most_boxes:
            return self, 0
        by_verdict = sorted(range(len(self.wires)), key=lambda at: (-VERDICTS.index(self.wires[at].verdict), at))
        kept: dict[int, None] = {}
        wires = []
        for at in by_verdict[:most_wires]:
            ends = dict.fromkeys((self.wires[at].producer, self.wires[at].consumer))
            if len(kept | ends) > most_boxes:
                # None that is drawn is better than one that is not.
                break
            kept |= ends
            wires.append(at)
        for at in range(len(self.boxes)):
            if len(kept) < most_boxes and len(wires) == len(self.wires):
                kept[at] = None
        number = {box: at for at, box in enumerate(sorted(kept))}
        drawn = tuple(
            replace(one, producer=number[one.producer], consumer=number[one.consumer])
            for one in (self.wires[at] for at in sorted(wires))
        )
        return Pipeline(tuple(self.boxes[at] for at in number), drawn), len(self.wires) - len(drawn)


def pipeline_of(result: Result) -> Pipeline:
    """The models that any result speaks of, and what joins them."""
    if isinstance(result, CheckResult):
        return pipeline_of_check(result)
    if isinstance(result, ChainResult):
        return pipeline_of_chain(result)
    from sigcheck.schema.project import LintResult

    return pipeline_of_lint(result) if isinstance(result, LintResult) else pipeline_of_diff(result)


def pipeline_of_check(result: CheckResult) -> Pipeline:
    """The models of a check: the consumer, and what feeds it, alone or together with others."""
    draft = _Draft()
    # A model that feeds itself is drawn twice.
    producer, *_ = [draft.box((at, one.named)) for at, one in enumerate(each_of(result.producer))]
    for at, one in enumerate(result.producer.together):
        box = draft.box((at, one.side.named))
        draft.givers |= {name: (box, own) for name, own in one.names.items()}
    draft.add_check(producer, draft.box(("consumer", result.consumer.named)), result, 1)
    return draft.done()


def each_of(side: Side) -> list[Side]:
    """The models on one side of a check."""
    return [one.side for one in side.together] or [side]


def pipeline_of_chain(result: ChainResult) -> Pipeline:
    """The models of a chain, one behind the other: a model may stand in it twice."""
    draft = _Draft()
    names = model_names([one.source for one in _sides(result)])
    boxes = [draft.box((at, side.named)) for at, side in enumerate(_sides(result))]
    for at, link in enumerate(result.links):
        draft.earlier = {names[before]: boxes[before] for before in range(at)}
        draft.add_check(boxes[at], boxes[at + 1], link, at + 1)
    return draft.done()


def _sides(result: ChainResult) -> list[Side]:
    return [*(link.producer for link in result.links[:1]), *(link.consumer for link in result.links)]


def pipeline_of_lint(result: LintResult) -> Pipeline:
    """All models and links of a project."""
    from sigcheck.schema.project import signatures_of

    draft = _Draft(signatures=signatures_of(result.models))
    models = {model.name: model for model in result.models}
    for model in result.models:
        draft.box(("", model.name)).problem = model.problem
    for at, link in enumerate(result.links, start=1):
        draft.add_link(draft.box(("", link.producer)), draft.box(("", link.consumer)), link, at)
    for name, model in models.items():
        draft.box(("", name)).add_unlinked(model)
    return draft.done()


def pipeline_of_diff(result: DiffResult) -> Pipeline:
    """The links that a change of a model reaches, as they are after it."""
    draft = _Draft()
    for at, link in enumerate(result.links, start=1):
        sides = [draft.box(("", side.named)) for side in (link.after.producer, link.after.consumer)]
        draft.add_check(sides[0], sides[1], link.after, at)
    return draft.done()


@dataclass
class _BoxDraft:
    """A box that is being filled, with the number of each port by its name."""

    at: int
    name: str
    inputs: dict[str, Port] = field(default_factory=dict)
    outputs: dict[str, Port] = field(default_factory=dict)
    more_inputs: int = 0
    more_outputs: int = 0
    problem: str | None = None

    def add_unlinked(self, model: LintedModel) -> None:
        """Adds the ports that no link names, as far as there is room."""
        if model.signature is None:
            return
        self.more_inputs = _fill(self.inputs, model.signature.inputs)
        self.more_outputs = _fill(self.outputs, model.signature.outputs)

    def done(self) -> Box:
        return Box(
            self.name,
            tuple(self.inputs.values()),
            tuple(self.outputs.values()),
            self.more_inputs,
            self.more_outputs,
            self.problem,
        )


def _fill(ports: dict[str, Port], endpoints: Sequence[Endpoint]) -> int:
    missing = [one for one in endpoints if one.name not in ports]
    for one in missing[:MOST_UNLINKED_PORTS]:
        ports[one.name] = Port(one.name, str(one.spec))
    return max(0, len(missing) - MOST_UNLINKED_PORTS)


@dataclass
class _Draft:
    """A pipeline that is being put together."""

    boxes: dict[tuple[object, str], _BoxDraft] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    # Of a lint, where a box has the name of its model; and of a chain, by what a link calls the models before its own.
    signatures: Mapping[str, Signature] = field(default_factory=dict)
    earlier: Mapping[str, _BoxDraft] = field(default_factory=dict)
    # Of producers that feed a model together: the box that a tensor is of, and what it is called there.
    givers: dict[str, tuple[_BoxDraft, str]] = field(default_factory=dict)

    def box(self, key: tuple[object, str]) -> _BoxDraft:
        """The box of a model, new or known."""
        return self.boxes.setdefault(key, _BoxDraft(len(self.boxes), key[1]))

    def add_link(self, producer: _BoxDraft, consumer: _BoxDraft, link: LintedLink, number: int) -> None:
        """The wires of a link; one without ports where it could not be checked."""
        if link.check is not None:
            self.add_check(producer, consumer, link.check, number)
        if link.check is None or not link.check.bindings:
            story = link.problem or link.verdict
            self.wires.append(Wire(producer.at, None, consumer.at, None, link.verdict, story, number))

    def add_check(self, producer: _BoxDraft, consumer: _BoxDraft, result: CheckResult, number: int) -> None:
        """A wire for each binding, and a port for each tensor that is left over."""
        for one in result.bindings:
            plan = one.whole if one.plan is not None else one.nearest
            self.wires += [
                Wire(
                    *self._end(producer, source.name, str(source.spec)),
                    consumer.at,
                    _number(consumer.inputs, Port(one.required, str(one.required_spec))),
                    one.verdict,
                    f"{one.verdict}: {plan}" if plan is not None and plan.steps else one.verdict,
                    number,
                )
                for source in one.sources
            ]
        for finding in result.findings:
            # The tensors that a finding is about and no binding: only one of its two specs is there.
            spec = (finding.required or finding.provided or "").removeprefix(f"{finding.place}: ")
            if finding.required is not None and finding.provided is None:
                _number(consumer.inputs, Port(finding.place, spec, is_unmet=True))
            elif finding.provided is not None and finding.required is None:
                self._end(producer, finding.place, spec)

    def _end(self, producer: _BoxDraft, name: str, spec: str) -> tuple[int, int]:
        """The box and the port that a tensor is of, which may be one of a model before the producer."""
        box, own = self.givers.get(name, (producer, name))
        if self.signatures:
            model, own = giver_of(name, producer.name, self.signatures) or (producer.name, name)
            box = producer if model == producer.name else self.box(("", model))
        # Of `a` and `a.b` the longer one is meant.
        for model in sorted(self.earlier, key=len):
            if name.startswith(f"{model}."):
                box, own = self.earlier[model], name.removeprefix(f"{model}.")
        return box.at, _number(box.outputs, Port(own, spec))

    def done(self) -> Pipeline:
        return Pipeline(tuple(box.done() for box in self.boxes.values()), tuple(self.wires))


def _number(ports: dict[str, Port], port: Port) -> int:
    ports.setdefault(port.name, port)
    return list(ports).index(port.name)
