"""Transforms: the pass over data as transforms of Apache Beam. States are merged wherever the runner likes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apache_beam as beam

from sigcheck.observation.asked import AS_IT_IS, DEFAULT_NAME, Asked, named
from sigcheck.observation.files import observe_part
from sigcheck.observation.gathered import Gathered, Part
from sigcheck.observation.live import batches_of
from sigcheck.observation.observer import Observer
from sigcheck.schema.observation import Observation


class Observe(beam.PTransform):  # type: ignore[misc]  # Beam has no types
    """What arrays show of their tensors, as `sigcheck.observe` says it of an iterable: one Observation.

    Each element is an array, or a dict or tuple of arrays. The first axis of each is that of the rows, unless
    `is_batched` is False: then each element is one row. `name` is that of arrays that have none; `only`
    are the tensors that are looked at, a string is one name.
    """

    def __init__(
        self, *, name: str = DEFAULT_NAME, is_batched: bool = True, only: str | Iterable[str] | None = None
    ) -> None:
        """Nothing is read before the pipeline runs."""
        super().__init__()
        self._asked = Asked(name, is_batched=is_batched, only=named(only))

    def expand(self, elements: Any) -> Any:
        """A PCollection of one Observation."""
        return elements | beam.CombineGlobally(_OfElements(self._asked))


class ObserveFiles(beam.PTransform):  # type: ignore[misc]  # Beam has no types
    """What files of data show: of a PCollection of (index, path) pairs one (Observation, problems) pair.

    The index is the place of a file among all: where two files disagree, the first says what a tensor is. Problems are
    messages on what could not be read. Workers read the files themselves, under the paths given.
    """

    def __init__(self, asked: Asked = AS_IT_IS) -> None:
        """`asked` is how the files are to be read."""
        super().__init__()
        self._asked = asked

    def expand(self, files: Any) -> Any:
        """A PCollection of one pair."""
        # Each file may go to another worker, whoever made the list.
        spread = files | beam.Reshuffle()
        return spread | beam.Map(_observed, self._asked) | beam.CombineGlobally(_OfFiles(self._asked.only))


def _observed(file: tuple[int, str], asked: Asked) -> Part:
    index, path = file
    return observe_part(index, path, asked, threads=1)


class _OfElements(beam.CombineFn):  # type: ignore[misc]  # Beam has no types
    """Elements in, one Observation out."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self._asked = asked

    def create_accumulator(self) -> Observer:
        return Observer(threads=1)

    def add_input(self, accumulator: Observer, element: Any) -> Observer:
        for batch in batches_of([element], self._asked):
            accumulator.add_element(batch, "data")
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[Observer]) -> Observer:
        whole = Observer(threads=1)
        for one in accumulators:
            whole.merge(one)
        return whole

    def extract_output(self, accumulator: Observer) -> Observation:
        accumulator.require(self._asked.only)
        return accumulator.observation()


class _OfFiles(beam.CombineFn):  # type: ignore[misc]  # Beam has no types
    """What was seen of each file in, one (Observation, problems) pair out."""

    def __init__(self, only: tuple[str, ...]) -> None:
        super().__init__()
        self._only = only

    def create_accumulator(self) -> Gathered:
        return Gathered()

    def add_input(self, accumulator: Gathered, part: Part) -> Gathered:
        accumulator.add(part)
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[Gathered]) -> Gathered:
        whole = Gathered()
        for one in accumulators:
            whole.merge(one)
        return whole

    def extract_output(self, accumulator: Gathered) -> tuple[Observation, tuple[str, ...]]:
        return accumulator.observation(), accumulator.problems(self._only)
