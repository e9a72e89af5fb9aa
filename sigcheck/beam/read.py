"""Read: the signatures of many sources, read by a pipeline."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sigcheck.beam.engine import run_pipeline
from sigcheck.beam.folder import enter
from sigcheck.schema.signature import Model
from sigcheck.stages.read_source import try_read

# Of a bundle at least: a model takes milliseconds.
_SOURCES_AT_ONCE = 25


def read_on_beam(sources: Sequence[str], options: Sequence[str], **chosen: Any) -> Iterator[Model | str]:
    """The model of each source, in their order, or in one line why it cannot be read, as `try_read` gives them.

    `options` are those of the pipeline, as `--runner=...`. The runner has to reach the sources under the paths that are
    given, from the same current folder. Raises as `run_pipeline` does.
    """
    starts = range(0, len(sources), _SOURCES_AT_ONCE)
    parts = [(start, list(sources[start : start + _SOURCES_AT_ONCE])) for start in starts]

    def build(pipeline: Any) -> Mapping[str, Any]:
        import apache_beam as beam

        spread = pipeline | beam.Create(parts) | beam.Reshuffle()
        return {"models": spread | beam.Map(_read, os.getcwd(), chosen)}  # noqa: PTH109  # a text, sent elsewhere

    for _, models in sorted(run_pipeline(options, build)["models"], key=lambda part: part[0]):
        yield from models


def _read(part: tuple[int, list[str]], folder: str, chosen: Mapping[str, Any]) -> tuple[int, list[Model | str]]:
    start, sources = part
    enter(folder)
    return start, [try_read(source, **chosen) for source in sources]
