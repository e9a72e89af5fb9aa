"""Compare: a whole project as it was agreed, and as it is. What breaks is told of each model and link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sigcheck.config.entries import LinkEntry
from sigcheck.project.earlier import Earlier, spoken_of
from sigcheck.project.effects import End, find_effect
from sigcheck.project.plan_links import Ground
from sigcheck.project.standing import Standing
from sigcheck.rules import find_changes, find_in_comparison
from sigcheck.rules.views.comparison import ComparisonView, Gap
from sigcheck.rules.views.project import Told
from sigcheck.rules.views.upgrade import UpgradeView
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.project import LintedModel
from sigcheck.schema.signature import Signature
from sigcheck.schema.upgrade import LinkEffect


@dataclass(frozen=True)
class Comparison:
    """What changed: the changes of each model, what the comparison finds, and the links that were planned again."""

    changes: tuple[Told, ...] = ()
    found: tuple[Told, ...] = ()
    effects: tuple[LinkEffect, ...] = ()

    @property
    def told(self) -> tuple[Told, ...]:
        """All of it, the models first."""
        return (*self.changes, *self.found)


def compare(old: Standing, new: Standing, ground: Ground, *, has_adapters: bool = False) -> Comparison:
    """The changes from the old project to the new. A link is planned again where something of it changed.

    It is planned with the policy that was agreed: a change is not made to pass by allowing more with it.
    `has_adapters` says that the adapters of the new project are compared elsewhere.
    """
    if old.gap is not None:
        return Comparison(found=find_in_comparison(ComparisonView(gaps=(old.gap,))))
    common = [name for name in old.models if name in new.models]
    old = replace(old, models=_with_what_is_known(old.models, new.models))
    changes = tuple(_changes(old.models, new.models, common))
    removed, pairs = _links(old, new)
    effects, unplanned, redecided = [], [], set()
    for before, after in pairs:
        if _is_same(before, after, ground):
            continue
        effect = find_effect(before, after, ground)
        if isinstance(effect, LinkEffect):
            effects.append(effect)
            if _are_same_models(before, after):
                redecided.add(effect.link)
        elif effect is not None:
            unplanned.append((after.entry.title, effect))
    view = ComparisonView(
        removed_models=tuple(name for name in old.models if name not in new.models),
        removed_links=removed,
        effects=tuple(effects),
        unplanned=tuple(unplanned),
        gaps=tuple(_gaps(old.models, new.models, common)),
        redecided=frozenset(redecided),
        has_adapters=has_adapters,
        is_explained=not has_adapters and any(one.finding.level == "error" for one in changes),
    )
    return Comparison(changes, find_in_comparison(view), tuple(effects))


def _with_what_is_known(old: Mapping[str, LintedModel], new: Mapping[str, LintedModel]) -> dict[str, LintedModel]:
    """The old models; of one that is the same in all that a lock keeps, what is known of the new one too."""
    return {
        name: new[name] if name in new and _content(model.signature) == _content(new[name].signature) else model
        for name, model in old.items()
    }


def _changes(old: Mapping[str, LintedModel], new: Mapping[str, LintedModel], common: list[str]) -> Iterator[Told]:
    for name in common:
        before, after = old[name].signature, new[name].signature
        if before is not None and after is not None and _content(before) != _content(after):
            yield from (Told(name, change) for change in find_changes(UpgradeView(before, after)))


def _gaps(old: Mapping[str, LintedModel], new: Mapping[str, LintedModel], common: list[str]) -> Iterator[Gap]:
    for name in common:
        if old[name].signature is None and new[name].signature is not None:
            yield Gap(name, (old[name].problem or "it could not be read").rstrip("."))


def _links(old: Standing, new: Standing) -> tuple[tuple[str, ...], list[tuple[End, End]]]:
    """The links that are gone though their models are not, and the pairs of those that are there."""
    by_title = {link.title: link for link in new.links}
    by_models = {(link.producer, link.consumer): link for link in reversed(new.links)}
    removed, pairs = [], []
    orders = [Earlier(side.links, side.models) for side in (old, new)]
    for link in old.links:
        ends = (link.producer, link.consumer)
        if not all(name in old.models and name in new.models for name in ends):
            continue
        found = by_title.get(link.title)
        if found is None or (found.producer, found.consumer) != ends:
            found = by_models.get(ends)
        if found is None:
            removed.append(link.title)
            continue
        after = found.model_copy(update={"policy": link.policy})
        pairs.append((_end(link, old, orders[0]), _end(after, new, orders[1])))
    return tuple(removed), pairs


def _end(link: LinkEntry, side: Standing, order: Earlier) -> End:
    producer, before = side.models[link.producer], order.models(link, side.models)
    earlier = spoken_of(link, before, producer.signature or Signature())
    return End(
        link, producer, side.models[link.consumer], earlier=earlier, example=side.examples.get(link.example or "")
    )


def _is_same(before: End, after: End, ground: Ground) -> bool:
    """Whether nothing that a plan depends on changed, or a model is not known."""
    ends = (before, after)
    if any(signature is None for one in ends for signature in (one.producer.signature, one.consumer.signature)):
        return True
    asked = [(one.entry.bind, one.entry.map, _example(one, ground)) for one in ends]
    return asked[0] == asked[1] and _are_same_models(before, after)


def _are_same_models(before: End, after: End) -> bool:
    sides = [
        [_content(model.signature) for model in (one.producer, one.consumer, *one.earlier)] for one in (before, after)
    ]
    return sides[0] == sides[1]


def _example(end: End, ground: Ground) -> bytes | str | None:
    """What the example of a link holds, wherever it lies; its path where it cannot be read."""
    if end.entry.example is None or end.example is not None:
        return end.example
    try:
        return ground.example_of(end.entry)
    except SigcheckError:
        return end.entry.example


def _content(signature: Signature | None) -> Any:
    """What a lock keeps of a signature: of what graphs show, that which is proved."""
    if signature is None:
        return None
    proved = [
        [(claim.name, claim.value) for claim in one.inferred if claim.tier == "proved"]
        for one in (*signature.inputs, *signature.outputs)
    ]
    sizes = [one.sizes for one in (*signature.inputs, *signature.outputs)]
    return signature.without_inferred(), proved, sizes, [one.holds for one in signature.constraints]
