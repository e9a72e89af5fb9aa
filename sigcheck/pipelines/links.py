"""Links: the models of a pipeline, pair by pair, with what each link may take and what was told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sigcheck.planning.declaration import Declared
from sigcheck.planning.names import nearest
from sigcheck.schema.bind import Bind, add_pair, bound_pairs, meant_outputs, spoken_of
from sigcheck.schema.distinct import model_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.loading import Load
from sigcheck.schema.passed import Passed, in_scope
from sigcheck.schema.policy import Policy
from sigcheck.schema.printable import shortened
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.stages.join import join_producers
from sigcheck.stages.read import read_producers
from sigcheck.stages.read_source import ReadSource, read_source


@dataclass(frozen=True)
class ChainLink:
    """One link: what was read of both sides, its outputs and inputs, and what else is in its scope.

    `name` is what the consumer is called; `models` are both, by their names; `passed` are tensors of the models before.
    """

    producers: tuple[ReadSource, ...]
    consumer: ReadSource
    name: str
    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    passed: tuple[Passed, ...]
    models: tuple[tuple[str, Signature], tuple[str, Signature]]

    @property
    def given(self) -> frozenset[str]:
        """The names of all that it may take."""
        return frozenset(one.name for one in self.outputs) | {one.name for one in self.passed}

    def has(self, output: str) -> bool:
        """Whether these are all the outputs that a key of `bind` speaks of."""
        return self.given.issuperset(meant_outputs(output, self.given))

    def passes(self, output: str) -> bool:
        """Whether some of them are of earlier models."""
        own = {one.name for one in self.outputs}
        return not own.issuperset(meant_outputs(output, self.given))

    def own(self, name: str) -> str | None:
        """The input that a name means here: its own, or one behind the name of the model. None where there is none."""
        names = {one.name for one in self.inputs}
        plain = name.removeprefix(f"{self.name}.")
        return name if name in names else plain if plain in names and plain != name else None


def read_links(sources: Sequence[object], *, load: Load) -> list[ChainLink]:
    """The links of a chain, in order. Raises as `read_source` does."""
    producers = read_producers(sources[0], load=load)
    stages = [producers]
    for number, source in enumerate(sources[1:], 1):
        read = read_source(source, load=load)
        stages.append((read.meant("inputs") if number == len(sources) - 1 else read.meant("inputs").meant("outputs"),))
    joined = [join_producers(one) for one in stages]
    names = model_names([one.side.source for one in joined])
    models = list(zip(names, (one.signature for one in joined), strict=True))
    return [
        ChainLink(
            producers=stages[at],
            consumer=stages[at + 1][0],
            name=names[at + 1],
            outputs=models[at][1].outputs,
            inputs=models[at + 1][1].inputs,
            passed=in_scope(models[: at + 1]),
            models=(models[at], models[at + 1]),
        )
        for at in range(len(stages) - 1)
    ]


def models_of(links: Sequence[ChainLink]) -> list[tuple[str, Signature]]:
    """All models of a chain in their order: what each is called, takes and gives."""
    return [links[0].models[0], *(link.models[1] for link in links)]


def bound_by_link(links: Sequence[ChainLink], bind: Bind) -> list[dict[str, str | list[str]]]:
    """What `bind` says of each link: a pair holds for every link that has both names.

    What passes a tensor on from an earlier model is meant for one link: `crop.image` names the input of one model.
    Raises UsageError for a pair that no link has, or that one of several could mean.
    """
    told: list[dict[str, str | list[str]]] = [{} for _ in links]
    for output, name in bound_pairs(bind):
        meant = [at for at, link in enumerate(links) if link.has(output) and link.own(name) is not None]
        place = f"bind {shortened(f'{output}={name}')}"
        if not meant:
            _refuse_unknown(links, output, name, place)
        if len(meant) > 1 and any(links[at].passes(output) for at in meant):
            takers = " and ".join(links[at].name for at in meant)
            cure = f"{output}={links[meant[0]].name}.{name}"
            raise UsageError(place, f"{takers} take {name}, expected one that it is passed on to. Write {cure}.")
        for at in meant:
            own = links[at].own(name)
            add_pair(told[at], output, own or name)
    return told


def _refuse_unknown(links: Sequence[ChainLink], output: str, name: str, place: str) -> None:
    outputs = sorted({one for link in links for one in link.given})
    wrong = next((one for one in meant_outputs(output, outputs) if one not in outputs), None)
    taker = next((link for link in links if link.own(name) is not None), None)
    if wrong is not None:
        raise UsageError(place, f"no link has both; {nearest(wrong, outputs)}")
    if taker is None:
        inputs = sorted({one.name for link in links for one in link.inputs})
        raise UsageError(place, f"no link has both; {nearest(name, inputs)}")
    passed = next((one for link in links for one in link.passed if one.name == output), None)
    if passed is not None and passed.end == "outputs" and taker is links[passed.model]:
        raise UsageError(place, f"{passed.tensor} is what {taker.name} is fed from. Write {passed.tensor}={name}.")
    known = nearest(output, sorted(taker.given))
    raise UsageError(place, f"{output} does not come before {taker.name}, which takes {name}; {known}")


def declared_by_link(
    links: Sequence[ChainLink], facts: Mapping[str, Declared], bound: Sequence[Bind]
) -> list[dict[str, dict[str, Any]]]:
    """The facts of each link; what is known of a tensor is known of it where it is passed on.

    `bound` is what each link binds. Raises UsageError for a name that no link has.
    """
    ends = [
        {
            "producer": {one.name for one in link.outputs} | spoken_of(bind, link.given),
            "consumer": {one.name for one in link.inputs},
        }
        for link, bind in zip(links, bound, strict=True)
    ]
    for side in ("producer", "consumer"):
        names = {name for one in ends for name in one[side]}
        for name in facts.get(side, {}):
            if name not in names:
                raise UsageError(f"{side}.{name}", f"no link has it; {nearest(name, sorted(names))}")
    return [_declared(link, facts, known) for link, known in zip(links, ends, strict=True)]


def _declared(
    link: ChainLink, facts: Mapping[str, Declared], known: Mapping[str, Collection[str]]
) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {
        side: {name: stated for name, stated in declared.items() if name in known.get(side, {name})}
        for side, declared in facts.items()
    }
    for one in link.passed:
        # Nobody before the first model declares what it is fed.
        side = "producer" if one.end == "outputs" else "consumer" if one.model else ""
        stated = facts.get(side, {}).get(one.tensor)
        if stated and one.name in known["producer"]:
            own = told.setdefault("producer", {})
            own[one.name] = {**stated, **own.get(one.name, {})}
    return told


def policy_by_link(links: Sequence[ChainLink], policy: Policy) -> list[Policy]:
    """The policy of each link: a loss of an input holds for every link that has it.

    Raises UsageError for one of an input that no link has.
    """
    for name, _ in policy.losses:
        if all(link.own(name) is None for link in links):
            inputs = sorted({one.name for link in links for one in link.inputs})
            raise UsageError(f"loss of {shortened(name)}", f"no link has such an input; {nearest(name, inputs)}")
    return [
        policy.model_copy(
            update={"losses": tuple((own, loss) for name, loss in policy.losses if (own := link.own(name)) is not None)}
        )
        for link in links
    ]
