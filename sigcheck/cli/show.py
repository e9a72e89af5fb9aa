"""`sigcheck show`: what a source takes and gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigcheck.cli.engine import BEAM, engine_option, parted
from sigcheck.cli.kept_sources import keep_sources
from sigcheck.cli.options import files, given_load, loading_options
from sigcheck.cli.output import complain, page, require_place_of_facts, say, write_whole
from sigcheck.cli.progress import shown_progress
from sigcheck.reports import MODEL_FORMATS
from sigcheck.reports.parts.page import Page
from sigcheck.schema.address import is_address
from sigcheck.schema.errors import SigcheckError

if TYPE_CHECKING:
    from sigcheck.schema.signature import Model
    from sigcheck.schema.watcher import Watcher


@click.command(
    short_help="Print the signatures of sources.",
    epilog="""\b
    Examples:
      sigcheck show encoder
      sigcheck show encoder classifier.keras
      sigcheck show .
      sigcheck show encoder --key serving_default --format json
      sigcheck show encoder --facts
      sigcheck show encoder --output encoder.json
      sigcheck show . --engine beam -- --runner=DirectRunner
      sigcheck check encoder.json classifier.keras

    A signature file is a source: what --output wrote can be edited, committed and checked.

    Exit codes: 0 printed; 2 some could not be read.""",
)
@click.argument("sources", nargs=-1, shell_complete=files, required=True, metavar="SOURCE...")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(tuple(MODEL_FORMATS)),
    help="What is printed. [default: text, and json with --output]",
)
@click.option("--key", help="Only this signature.")
@click.option("--tags", metavar="TAG,TAG", help="Only the meta graph of these tags.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, whole or not.")
@loading_options
@engine_option("Read")
@click.option("--facts", "infer", is_flag=True, help="Look in the graph for facts too: how sure, and why.")
@click.option("--force", is_flag=True, help="Overwrite the file of --output, whoever wrote it.")
def show(
    *,
    sources: Sequence[str],
    format_name: str | None,
    output: Path | None,
    force: bool,
    engine: str,
    **chosen: Any,
) -> int:
    """Print the signatures of each SOURCE: names, kinds, dtypes, shapes and facts, and what must hold of open sizes.

    Nothing of a model is run, and TensorFlow is not needed. A folder that is no model is
    searched for models. Where one of several sources cannot be read the others are printed,
    and the exit code is 2.
    """
    if output is not None:
        keep_sources(output, sources)
        require_place_of_facts(output, force=force)
    loaded = given_load(**{option: chosen.pop(option) for option in ("load", "imports", "lambdas")})
    sources, options = parted(sources, engine)
    name = format_name or ("text" if output is None else "json")
    # A file is a contract: it says of sizes what the shapes say, unless facts are asked for.
    names = name in {"html", "text"}
    with shown_progress(f"looking for models in {', '.join(sources)}"):
        wanted = [one for source in sources for one in _expand(source)]
    keep_sources(output, wanted)
    with shown_progress(f"reading {', '.join(sources)}", len(wanted), "models") as watcher:
        given = _read(wanted, None if engine != BEAM else options, names=names, load=loaded, **chosen)
        found = [_tell(one, watcher) for one in given]
    models = [model for model in found if model is not None]
    if output is None:
        say(_render(models, name, page()) if models else "")
    elif len(models) == len(found):
        write_whole(output, _render(models, name, Page()) + "\n")
    return 0 if len(models) == len(found) else 2


def _render(models: Sequence[Model], name: str, paper: Page) -> str:
    return MODEL_FORMATS[name].render_models(models, paper)


def _expand(source: str) -> list[str]:
    """The models in a folder that is none itself; else the source alone, to be read or refused."""
    from sigcheck.encodings.remote import is_store
    from sigcheck.encodings.source import Source

    try:
        if is_address(source) and not is_store(source):
            # What lists nothing has nothing to look for, and is asked once.
            return [source]
        parsed = Source.parse(source)
        if not parsed.is_directory or parsed.selector is not None:
            return [source]
        from sigcheck.readers.folder import find_models

        found = find_models(parsed)
    except SigcheckError:
        return [source]
    return [one.text for one in found] or [source]


def _read(
    sources: Sequence[str], options: Sequence[str] | None, tags: str | None, **chosen: Any
) -> Iterator[Model | str]:
    """The models, read here or, with options of a pipeline, by one."""
    listed = [tag.strip() for tag in tags.split(",")] if tags else None
    if options is not None:
        from sigcheck.beam.read import read_on_beam

        return read_on_beam(sources, options, tags=listed, **chosen)
    from sigcheck.cli.read_many import read_many

    return read_many(sources, tags=listed, **chosen)


def _tell(found: Model | str, watcher: Watcher) -> Model | None:
    """The model; None for one that could not be read, for the reason that is said on stderr."""
    watcher.advance()
    if isinstance(found, str):
        complain(found)
        return None
    return found
