"""Engine: a pipeline of one's own, whose results come back to who asked."""

from __future__ import annotations

import base64
import logging
import pickle
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sigcheck.beam.interruption import ended_when_interrupted
from sigcheck.schema.errors import SourceError, UsageError

# Workers in processes of their own tell of each of their steps, unless somebody asks for less, or behind it for more.
_QUIET = "--default_sdk_harness_log_level=ERROR"
_INSTALL = "needs an extra: pip install 'sigcheck[beam]'."


def run_pipeline(options: Sequence[str], build: Callable[[Any], Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What a pipeline gives: the elements of each collection that `build` makes of it, by its name, in any order.

    `options` are those of the pipeline, as `--runner=...`. The runner has to reach the folder for temporary files of
    whoever asks: results are files there, or below `--temp_location`. Raises UsageError where Beam is not installed
    or knows no such option, SourceError where the pipeline fails.
    """
    # Beam tells of each of its steps, and of extras of its own that nobody asked for.
    logging.getLogger().setLevel(logging.ERROR)
    try:
        import apache_beam as beam
        from apache_beam.options.pipeline_options import PipelineOptions, WorkerOptions
    except ImportError:
        raise UsageError("--engine beam", f"Apache Beam is not installed, and {_INSTALL}") from None
    try:
        told = PipelineOptions([_QUIET, *options])
        unknown = _unknown(options)
    except SystemExit:
        raise UsageError("--engine beam", f"found {' '.join(options)}, expected options of a pipeline.") from None
    if unknown:
        raise UsageError("--engine beam", f"no option {unknown[0]!r} of a pipeline. Correct it behind the --.")
    level = logging.getLevelName(str(told.view_as(WorkerOptions).default_sdk_harness_log_level).upper())
    logging.getLogger().setLevel(level if isinstance(level, int) else logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="sigcheck-beam-") as folder:
        from apache_beam.io.filesystems import FileSystems
        from apache_beam.options.pipeline_options import GoogleCloudOptions

        shared = told.view_as(GoogleCloudOptions).temp_location
        place = FileSystems.join(shared or folder, f"sigcheck-{uuid.uuid4().hex}")
        try:
            with ended_when_interrupted(folder), beam.Pipeline(options=told) as pipeline:
                made = build(pipeline)
                for name, collection in made.items():
                    lines = collection | f"write {name}" >> beam.Map(_written)
                    lines | f"keep {name}" >> beam.io.WriteToText(f"{place}-{name}-")
            return {name: list(_read(f"{place}-{name}-*")) for name in made}
        except Exception as error:  # noqa: BLE001  # whatever a runner raises
            if _is_interrupted(error):
                raise KeyboardInterrupt from None
            raise SourceError(
                "--engine beam", f"the pipeline failed: {_told(error)}. Run it without --engine."
            ) from None


def _written(element: Any) -> str:
    return base64.b64encode(pickle.dumps(element, pickle.HIGHEST_PROTOCOL)).decode()


def _read(pattern: str) -> Iterator[Any]:
    """The elements in the files. They are unpickled: whoever writes there wrote the code that the workers run, too."""
    from apache_beam.io.filesystems import FileSystems

    (found,) = FileSystems.match([pattern])
    paths = [one.path for one in found.metadata_list]
    for path in paths:
        with FileSystems.open(path) as file:
            content = file.read()
        yield from (pickle.loads(base64.b64decode(line)) for line in content.splitlines())  # noqa: S301  # written by the pipeline
    FileSystems.delete(paths)


def _unknown(options: Sequence[str]) -> list[str]:
    """What no part of Beam that is installed takes for an option."""
    from apache_beam.options.pipeline_options import PipelineOptions

    told = PipelineOptions(list(options))
    known = told.get_all_options(retain_unknown_options=False)
    return [f"--{name}" for name in told.get_all_options(retain_unknown_options=True) if name not in known]


def _is_interrupted(error: BaseException | None) -> bool:
    """Whether an error began as an interruption: Beam makes one of its own of what a step raises."""
    chain: list[BaseException] = []
    # One that somebody raised again may have itself for a cause.
    while error is not None and all(error is not one for one in chain):
        chain.append(error)
        error = error.__cause__ or error.__context__
    return any(isinstance(one, KeyboardInterrupt) for one in chain)


def _told(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__).rstrip(".")
