"""`sigcheck observe`: what data shows of its tensors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigcheck.cli.engine import BEAM, engine_option, parted
from sigcheck.cli.kept_sources import keep_sources
from sigcheck.cli.options import files, refuse_unheeded, timeout_option
from sigcheck.cli.output import complain, page, require_place_of_facts, say, write_whole
from sigcheck.cli.progress import shown_progress
from sigcheck.reports import OBSERVATION_FORMATS
from sigcheck.reports.parts.page import Page
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.printable import printable
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from sigcheck.observation.asked import Asked
    from sigcheck.schema.example_features import Features
    from sigcheck.schema.observation import Observation, TensorObserved

_COULD_NOT_READ = 2
# Of columns that are left out: a line has no room for hundreds.
_MOST_NAMED = 8
_NO_ROW = "no row in it, expected at least one. Check the files."
# The formats whose facts are of a side.
_OF_FACTS = frozenset({"toml", "facts_json"})


@click.command(
    short_help="Measure data: ranges, statistics, lengths.",
    epilog="""\b
    Examples:
      sigcheck observe samples.npz
      sigcheck observe 'samples-*.jsonl' -o observed.toml
      sigcheck observe photos --name image --format json
      sigcheck observe 'samples-*.tfrecord' --features schema.pbtxt
      sigcheck observe 'samples-*.jsonl' --lengths tokens
      sigcheck observe 'samples-*.jsonl' --only tokens
      sigcheck observe samples.npz --side consumer -o observed.toml
      sigcheck observe encoder --data measurements.npz --run-models
      sigcheck observe 'samples-*.tfrecord' --engine beam -- --runner=DirectRunner
      sigcheck check sensor.keras scorer --facts facts.toml

    Exit codes: 0 all was read; 2 some data could not be read: what could is told.""",
)
@click.argument("data", nargs=-1, shell_complete=files, required=True, metavar="DATA...")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(tuple(OBSERVATION_FORMATS)),
    help="What is printed, or written. [default: text, and toml or json by the file of -o]",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write a file of facts.")
@click.option(
    "--side",
    type=click.Choice(("producer", "consumer")),
    default="producer",
    show_default=True,
    help="Whose tensors the facts that -o or --format toml gives are of.",
)
@click.option("--name", default=None, metavar="NAME", help="The tensor of arrays and pictures, which have no name.")
@click.option(
    "--data",
    "fed",
    multiple=True,
    metavar="DATA",
    shell_complete=files,
    help="Run the model that DATA... names on this, with --run-models. Repeatable.",
)
@click.option(
    "--run-models", is_flag=True, help="Run the model, which is a program, on --data, and measure what it gives."
)
@timeout_option(DEFAULT_TIMEOUT, "Most time for running the model, with --run-models.")
@click.option(
    "--features",
    metavar="SOURCE",
    shell_complete=files,
    help="Look at these features of records, in their shapes: those that a model parses, or of a schema.pbtxt.",
)
@click.option("--batched", is_flag=True, help="Each element of a saved tf.data.Dataset is a batch, and not a row.")
@click.option(
    "--lengths",
    multiple=True,
    metavar="NAME",
    help="Tell only this tensor, whose rows are of varying length: which lengths to cut and fill them to. Repeatable.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="NAME[,NAME]",
    help="Look at these tensors alone: other columns may be anything. Repeatable.",
)
@engine_option("Run the pass")
@click.option("--force", is_flag=True, help="Overwrite the file of --output, whoever wrote it.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def observe(  # noqa: PLR0913  # a parameter for each option
    *,
    data: Sequence[str],
    format_name: str | None,
    output: Path | None,
    side: str,
    name: str | None,
    fed: Sequence[str],
    run_models: bool,
    timeout: float,
    features: str | None,
    batched: bool,
    lengths: Sequence[str],
    only: Sequence[str],
    engine: str,
    force: bool,
    quiet: bool,
) -> int:
    """Measure what DATA holds, in one pass: ranges, statistics, quantiles, lengths, padding, ids.

    DATA are files, globs or folders: .npy, .npz, .tfrecord, .csv, .jsonl, .parquet, pictures, what
    tf.data.Dataset.save wrote. No model is run, and TensorFlow is not needed, unless --run-models says that DATA is a
    model, what --data names is fed to its inputs by name, and its outputs are measured. With --output the facts that
    all rows show are written as --facts takes them.
    """
    from sigcheck.observation.asked import DEFAULT_NAME, Asked, named
    from sigcheck.observation.files import find_files, require_heeded

    if output is not None:
        require_place_of_facts(output, force=force)
    data, options = parted(data, engine)
    is_run = _is_run(data, fed, engine, run_models=run_models)
    chosen = format_name or _format_of(output)
    refuse_unheeded(
        ({} if is_run else {"timeout": "--run-models"})
        | ({} if output is not None else {"force": "-o FILE"})
        | ({} if chosen in _OF_FACTS else {"side": "-o FILE or --format toml, which say whose the facts are"})
    )
    files = find_files(fed if is_run else _no_models(data))
    keep_sources(output, (*data, *fed, *files, features or ""))
    wanted = named([one for names in only for one in names.split(",")]) if only else ()
    # Of a model that is run the outputs are meant: its inputs need what else there is.
    asked = Asked(name or DEFAULT_NAME, _features(features), is_batched=batched, only=() if is_run else wanted)
    require_heeded(files, asked, {"features": "--features", "is_batched": "--batched", "name": "--name"})
    if is_run:
        found = _only(_outputs(data[0], files, asked, timeout, is_quiet=quiet), wanted, "--only")
        problems: tuple[str, ...] = ()
    else:
        measure = _here if engine != BEAM else partial(_on_beam, options=options)
        found, problems = measure(files, asked, is_quiet=quiet)
    is_whole = _complain_of(found, problems, ", ".join(data))
    found = _only(found, lengths, "--lengths")
    if output is not None or chosen in _OF_FACTS:
        # A file of facts has no place for it, or one that few look at.
        _tell_left_out(found)
    if not found.tensors and is_whole:
        problem = f"no column that is a tensor, but {_columns(found)}. Convert some."
        raise SourceError(", ".join(data), problem if found.left_out else _NO_ROW)
    if output is None:
        say(OBSERVATION_FORMATS[chosen].render_observation(found, side, page()) if found.tensors else "")
    elif found.tensors:
        write_whole(output, OBSERVATION_FORMATS[chosen].render_observation(found, side, Page()) + "\n")
    return 0 if is_whole else _COULD_NOT_READ


def _no_models(texts: Sequence[str]) -> Sequence[str]:
    """The same. Raises UsageError for a model that lies here: what it gives is data once it is run."""
    from sigcheck.encodings.source import Source
    from sigcheck.observation.files import find_files
    from sigcheck.observation.sources import reader_of
    from sigcheck.readers import recognize

    for text in texts:
        if reader_of(text) is not None or is_address(text) or not os.path.exists(text):  # noqa: PTH110  # Path raises for names that are too long
            continue
        with suppress(SourceError):
            if any(map(reader_of, find_files([text]))):
                continue
        with suppress(SourceError):
            if recognize(Source.parse(text)) is not None:
                cure = "Run it on some, with --data DATA --run-models, to measure what it gives."
                raise UsageError(text, f"a model, expected data. {cure}")
    return texts


def _shows_values(tensor: TensorObserved) -> bool:
    """Whether anything was seen of its values: of NaN and infinities alone nothing is."""
    numbers = tensor.numbers
    return numbers is None or numbers.least is not None or not numbers.count


def _format_of(output: Path | None) -> str:
    if output is None:
        return "text"
    return "facts_json" if output.suffix == ".json" else "toml"


def _is_run(models: Sequence[str], fed: Sequence[str], engine: str, *, run_models: bool) -> bool:
    """Whether a model is run on data. Raises UsageError where that is said by half."""
    if run_models and not fed:
        raise UsageError("--run-models", "nothing to run the model on, expected --data DATA. Add it.")
    if not fed:
        return False
    if not run_models:
        raise UsageError("--data", "what a model is run on, which is a program. Say --run-models to run it.")
    if len(models) != 1 or engine == BEAM:
        found = "Apache Beam" if engine == BEAM else f"{len(models)} sources"
        raise UsageError("--run-models", f"{found}, expected one model that is run here. Run one after the other.")
    return True


def _outputs(model: str, files: Sequence[str], asked: Asked, timeout: float, *, is_quiet: bool) -> Observation:
    from sigcheck.observation.asked import DEFAULT_NAME
    from sigcheck.stages.read_source import read_source
    from sigcheck.stages.run_on_data import observe_outputs

    read = read_source(model)
    inputs = read.signature.inputs
    if asked.name == DEFAULT_NAME and len(inputs) == 1:
        # An array without a name can only be for the one.
        asked = replace(asked, name=inputs[0].name)
    with shown_progress(f"running {model}", _bytes_of(files), "bytes", is_quiet=is_quiet) as watcher:
        return observe_outputs(read, files, asked, timeout, watcher)


def _features(source: str | None) -> Features | None:
    if source is None:
        return None
    from sigcheck.stages.features import features_of

    return features_of(source)


def _here(files: Sequence[str], asked: Asked, *, is_quiet: bool) -> tuple[Observation, tuple[str, ...]]:
    from sigcheck.observation.files import MOST_MEMORY, observe_part
    from sigcheck.observation.gathered import Gathered
    from sigcheck.process.memory import limited_memory

    gathered = Gathered()
    told = f"observing {files[0]}{' and more' if len(files) > 1 else ''}"
    shown = shown_progress(told, _bytes_of(files), "bytes", is_quiet=is_quiet)
    with limited_memory(MOST_MEMORY), shown as watcher:
        for index, file in enumerate(files):
            gathered.add(observe_part(index, file, asked, watcher=watcher))
    return gathered.observation(), gathered.problems(asked.only)


def _bytes_of(files: Sequence[str]) -> int:
    """The bytes of all files; 0 where some cannot be asked, such as those that are far away."""
    try:
        return sum(Path(file).stat().st_size for file in files)
    except (OSError, ValueError):
        return 0


def _on_beam(
    files: Sequence[str], asked: Asked, *, options: Sequence[str], is_quiet: bool
) -> tuple[Observation, tuple[str, ...]]:
    from sigcheck.beam.observe import observe_on_beam

    with shown_progress(f"observing {len(files)} files on Beam", is_quiet=is_quiet):
        return observe_on_beam(files, asked, options)


def _complain_of(found: Observation, problems: tuple[str, ...], data: str) -> bool:
    """Tells what could not be read, and whether all was."""
    for problem in problems:
        complain(problem)
    shows_none = bool(found.tensors) and not any(_shows_values(tensor) for tensor in found.tensors)
    if shows_none:
        problem = "no finite number and no text in any row, expected some. Look at what wrote it."
        complain(str(SourceError(data, problem)))
    return not problems and not shows_none


def _tell_left_out(found: Observation) -> None:
    if found.left_out:
        complain(f"left out: {_columns(found)}, expected numbers, texts or lists of them. Convert what is needed.")


def _columns(found: Observation) -> str:
    shown = ", ".join(printable(str(one)) for one in found.left_out[:_MOST_NAMED])
    more = len(found.left_out) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _only(found: Observation, names: Sequence[str], option: str) -> Observation:
    """The tensors of these names, or all. Raises UsageError for one that is not there, or has not what is asked for."""
    if not names:
        return found
    known = {one.name: one for one in found.tensors}
    for name in names:
        if name not in known:
            near = ", ".join(sorted(known)[:5]) or "no tensor"
            raise UsageError(option, f"the data has no {name!r}; it has {near}. Name one of these.")
        if option == "--lengths" and not known[name].lengths:
            problem = f"{name!r} has rows of one length, expected lists, or rows that are filled up. Leave it out."
            raise UsageError(option, problem)
    return found.model_copy(update={"tensors": tuple(known[name] for name in dict.fromkeys(names))})
