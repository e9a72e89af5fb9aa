"""Earlier: the models of a project that come before a link, whose tensors it may take by name."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from sigcheck.config.entries import LinkEntry
from sigcheck.schema.bind import bound_pairs, meant_outputs
from sigcheck.schema.passed import Passed, in_scope
from sigcheck.schema.project import LintedModel
from sigcheck.schema.signature import Signature

# Nobody passes tensors on over more models; a project may have them by the thousand.
MOST_BEFORE = 64


class Earlier:
    """Which models come before which, by the links of a project."""

    def __init__(self, links: Iterable[LinkEntry]) -> None:
        self._feeding: dict[str, list[str]] = {}
        for link in links:
            self._feeding.setdefault(link.consumer, []).append(link.producer)

    def names(self, link: LinkEntry) -> tuple[str, ...]:
        """The models before the producer of a link, the nearest last; at most MOST_BEFORE of them."""
        seen = {link.producer, link.consumer}
        found: list[str] = []
        waiting = deque([link.producer])
        while waiting and len(found) < MOST_BEFORE:
            for name in self._feeding.get(waiting.popleft(), ()):
                if name not in seen:
                    seen.add(name)
                    found.append(name)
                    waiting.append(name)
        return tuple(reversed(found[:MOST_BEFORE]))

    def meant(self, link: LinkEntry) -> tuple[str, ...]:
        """Those of them that the link seems to name, whatever they give."""
        if not link.bind:
            return ()
        return tuple(name for name in self.names(link) if any(f"{name}." in output for output in link.bind))

    def models(self, link: LinkEntry, models: Mapping[str, LintedModel]) -> tuple[LintedModel, ...]:
        """The same as they were read, all of which something is known."""
        names = self.names(link)
        return tuple(models[name] for name in names if name in models and models[name].signature is not None)


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
