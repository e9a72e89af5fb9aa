"""Earlier: the models of a project that come before a link, or beside it, whose tensors it may take by name."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from sigcheck.config.entries import LinkEntry
from sigcheck.schema.bind import bound_pairs, meant_outputs
from sigcheck.schema.passed import Passed, in_scope
from sigcheck.schema.project import LintedModel
from sigcheck.schema.signature import Signature

# Nobody passes tensors on over more models; a project may have them by the thousand.
MOST_BEFORE = 64


class Earlier:
    """Which models come before which, by the links of a project, and which a link names besides."""

    def __init__(self, links: Sequence[LinkEntry], models: Collection[str]) -> None:
        """`models` are the names of all."""
        self._links, self._models = links, models

    # Many a project names no tensor of them, and its links are not gone through for it.
    @cached_property
    def _feeding(self) -> dict[str, list[str]]:
        """The producers of each consumer."""
        found: dict[str, list[str]] = {}
        for link in self._links:
            found.setdefault(link.consumer, []).append(link.producer)
        return found

    @cached_property
    def _fed(self) -> dict[str, list[str]]:
        """The consumers of each producer."""
        found: dict[str, list[str]] = {}
        for link in self._links:
            found.setdefault(link.producer, []).append(link.consumer)
        return found

    def names(self, link: LinkEntry) -> tuple[str, ...]:
        """The models before the producer of a link, the nearest last, at most MOST_BEFORE of them; first what the link
        names besides, which feeds its consumer beside the producer.
        """
        found = list(islice(_walk(self._feeding, link.producer, {link.consumer}), MOST_BEFORE))
        return (*self._beside(link, found), *reversed(found))

    def _beside(self, link: LinkEntry, before: Sequence[str]) -> tuple[str, ...]:
        """Those that the link names which come neither before it nor after."""
        spoken = [output for output in link.bind if "." in output]
        if not spoken:
            return ()
        named = (name for name in self._models if any(f"{name}." in output for output in spoken))
        taken = {link.producer, link.consumer, *before}
        beside = [name for name in islice(named, MOST_BEFORE) if name not in taken]
        after = set(_walk(self._fed, link.consumer, set())) if beside else set()
        return tuple(name for name in beside if name not in after)

    def meant(self, link: LinkEntry) -> tuple[str, ...]:
        """Those of them that the link seems to name, whatever they give."""
        if not link.bind:
            return ()
        return tuple(name for name in self.names(link) if any(f"{name}." in output for output in link.bind))

    def models(self, link: LinkEntry, models: Mapping[str, LintedModel]) -> tuple[LintedModel, ...]:
        """The same as they were read, all of which something is known."""
        names = self.names(link)
        return tuple(models[name] for name in names if name in models and models[name].signature is not None)


def _walk(ways: Mapping[str, Sequence[str]], start: str, seen: set[str]) -> Iterator[str]:
    """Yields what the ways lead to from there, the nearest first, each once."""
    seen.add(start)
    waiting = deque([start])
    while waiting:
        for name in ways.get(waiting.popleft(), ()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
                yield name


def passed_by(earlier: Sequence[LintedModel], given: Signature) -> tuple[Passed, ...]:
    """What a link may take besides the outputs of its producer."""
    before = [(model.name, model.signature or Signature()) for model in earlier]
    return in_scope([*before, ("", given)])


def spoken_of(link: LinkEntry, earlier: Sequence[LintedModel], given: Signature) -> tuple[LintedModel, ...]:
    """Those of the earlier models of which the link takes something."""
    outputs = {one.name for one in given.outputs}
    passed = passed_by(earlier, given)
    names = outputs | {one.name for one in passed}
    meant = {one for output, _ in bound_pairs(link.bind) for one in meant_outputs(output, names)} - outputs
    numbers = {one.model for one in passed if one.name in meant}
    return tuple(model for number, model in enumerate(earlier) if number in numbers)
