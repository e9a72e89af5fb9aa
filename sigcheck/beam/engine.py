"""Engine: files of data observed by a pipeline of its own, whose result comes back to who asked."""

from __future__ import annotations

import json
import logging
import tempfile
import uuid
from collections.abc import Sequence

from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.observation import Observation

_INSTALL = "needs an extra: pip install 'sigcheck[beam]'."


def observe_on_beam(files: Sequence[str], name: str, options: Sequence[str]) -> tuple[Observation, tuple[str, ...]]:
    """What the files show, and what could not be read; `options` are those of the pipeline, as `--runner=...`.

    The runner has to reach the files, and the folder for temporary files of whoever asks: the result is one file there,
    or below `--temp_location`. Raises UsageError where Beam is not installed or knows no such option, SourceError where
    the pipeline fails.
    """
    # Beam tells of each of its steps, and of extras of its own that nobody asked for.
    logging.getLogger().setLevel(logging.ERROR)
    try:
        import apache_beam as beam
        from apache_beam.options.pipeline_options import PipelineOptions
    except ImportError:
        raise UsageError("--engine beam", f"Apache Beam is not installed, and {_INSTALL}") from None
    from sigcheck.beam.transforms import ObserveFiles

    try:
        told = PipelineOptions(list(options))
        unknown = _unknown(options)
    except SystemExit:
        raise UsageError("--engine beam", f"found {' '.join(options)}, expected options of a pipeline.") from None
    if unknown:
        raise UsageError("--engine beam", f"no option {unknown[0]!r} of a pipeline. Correct it behind the --.")
    with tempfile.TemporaryDirectory(prefix="sigcheck-beam-") as folder:
        from apache_beam.io.filesystems import FileSystems
        from apache_beam.options.pipeline_options import GoogleCloudOptions

        shared = told.view_as(GoogleCloudOptions).temp_location
        place = FileSystems.join(shared or folder, f"sigcheck-{uuid.uuid4().hex}.json")
        try:
            with beam.Pipeline(options=told) as pipeline:
                found = pipeline | beam.Create(list(enumerate(files))) | ObserveFiles(name=name)
                found | beam.Map(_keep, place)
            with FileSystems.open(place) as file:
                written, problems = json.loads(file.read())
            FileSystems.delete([place])
        except Exception as error:  # noqa: BLE001  # whatever a runner raises
            raise SourceError(
                "--engine beam", f"the pipeline failed: {_told(error)}. Run it without --engine."
            ) from None
    return Observation.model_validate_json(written), tuple(problems)


def _keep(found: tuple[Observation, tuple[str, ...]], place: str) -> None:
    from apache_beam.io.filesystems import FileSystems

    observation, problems = found
    with FileSystems.create(place) as file:
        file.write(json.dumps([observation.model_dump_json(), problems]).encode())


def _unknown(options: Sequence[str]) -> list[str]:
    """What no part of Beam that is installed takes for an option."""
    from apache_beam.options.pipeline_options import PipelineOptions

    told = PipelineOptions(list(options))
    known = told.get_all_options(retain_unknown_options=False)
    return [f"--{name}" for name in told.get_all_options(retain_unknown_options=True) if name not in known]


def _told(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__).rstrip(".")
