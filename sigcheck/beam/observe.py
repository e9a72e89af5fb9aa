"""Observe: files of data observed by a pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.beam.engine import run_pipeline
from sigcheck.observation.asked import Asked
from sigcheck.schema.observation import Observation


def observe_on_beam(files: Sequence[str], asked: Asked, options: Sequence[str]) -> tuple[Observation, tuple[str, ...]]:
    """What the files show, and what could not be read; `options` are those of the pipeline, as `--runner=...`.

    The runner has to reach the files. Raises as `run_pipeline` does.
    """

    def build(pipeline: Any) -> Mapping[str, Any]:
        import apache_beam as beam

        from sigcheck.beam.transforms import ObserveFiles

        return {"observed": pipeline | beam.Create(list(enumerate(files))) | ObserveFiles(asked)}

    ((found, problems),) = run_pipeline(options, build)["observed"]
    return found, tuple(problems)
