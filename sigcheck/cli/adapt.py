"""`sigcheck adapt`: the adapter as code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from sigcheck.cli.adapter_form import Form, form_option
from sigcheck.cli.certificate_file import certify_file
from sigcheck.cli.options import MODEL_FORMATS, check_keywords, check_options, format_option, run_models_option
from sigcheck.cli.output import complain, page, say, tell
from sigcheck.cli.progress import shown_progress
from sigcheck.cli.project import config_option
from sigcheck.schema.errors import UsageError

if TYPE_CHECKING:
    from sigcheck.api import VerifyLevel

# What `--all` may be told.
_WITH_ALL = frozenset({"is_all", "config_file", "force", "quiet", "verify"})


@click.command(
    short_help="Write the adapter between two sources.",
    epilog="""\b
    Examples:
      sigcheck adapt encoder classifier.keras
      sigcheck adapt encoder classifier.keras -o adapter.py
      sigcheck adapt sensor.keras scorer --facts facts.toml -o scale.py
      sigcheck adapt encoder classifier.keras --as saved_model -o adapter
      sigcheck adapt --all

    Exit codes: 0 written; 1 findings at level error, nothing written; 2 could not check.""",
)
@click.argument("producer", required=False)
@click.argument("consumer", required=False)
@check_options
@run_models_option
@format_option(MODEL_FORMATS)
@form_option
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, whole or not.")
@click.option("--force", is_flag=True, help="Overwrite FILE though sigcheck did not write it.")
@click.option("--all", "is_all", is_flag=True, help="Write the files that the links of the config name.")
@config_option
@click.pass_context
def adapt(
    context: click.Context,
    /,
    *,
    producer: str | None,
    consumer: str | None,
    form: str,
    output: Path | None,
    force: bool,
    is_all: bool,
    config_file: Path | None,
    **options: Any,
) -> int:
    """Write the adapter that lets PRODUCER feed CONSUMER: plain TensorFlow, to be committed.

    With --as it is code for NumPy, a SavedModel folder or a Keras file instead, of the same plan.
    Without -o the code goes to stdout. What was found goes to stderr; nothing is written where
    a finding is an error. Beside a FILE of Python stands its certificate, which `sigcheck verify`
    proves again. A FILE that sigcheck did not write is kept, unless --force is given.
    With --all, the files that the links of sigcheck.toml name are written, where they are
    missing or out of date.
    """
    if is_all:
        return _adapt_all(context, options["verify"])
    if config_file is not None:
        raise UsageError("--config", "belongs to --all. Leave it out, or write --all.")
    if producer is None or consumer is None:
        raise UsageError("adapt", "expected PRODUCER and CONSUMER. Name both, or write --all.")
    return _adapt_pair(producer, consumer, Form(form, output, force=force), **options)


def _adapt_pair(producer: str, consumer: str, form: Form, **options: Any) -> int:
    from sigcheck import api
    from sigcheck.reports import FORMATS

    keywords = check_keywords(options)
    form.check()
    with shown_progress(f"adapting {producer} -> {consumer}"):
        report = api.check(producer, consumer, **keywords, run_models=options["run_models"])
    code = int(report.exit_code)
    is_json, is_quiet = options["format_name"] == "json", options["quiet"]
    text = FORMATS[options["format_name"]].render_check(
        report.result, page(is_verbose=options["verbose"], is_quiet=is_quiet)
    )
    if is_json:
        say(text)
    elif code or not is_quiet:
        tell(text)
    if code or report.result.adapter is None:
        if not is_quiet:
            complain("no adapter written" if code else "no adapter needed, none written")
        return code
    if form.output is not None:
        form.write(report, keywords["timeout"])
        if not is_quiet:
            complain(f"wrote {form.output}")
        if form.name == "python":
            certify_file(report, form.output, form.source(report), (producer, consumer), keywords)
    elif not is_json:
        say(form.source(report).rstrip("\n"))
    return code


def _adapt_all(context: click.Context, verify: VerifyLevel | None) -> int:
    """The adapters of a whole project. Raises UsageError for whatever belongs to one pair only."""
    from sigcheck.cli.adapt_all import adapt_all

    for parameter in context.command.params:
        name = parameter.name or ""
        if name not in _WITH_ALL and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(
                parameter.opts[-1], "does not go with --all, which takes it from the config. Leave it out."
            )
    told = context.params
    return adapt_all(config_file=told["config_file"], verify=verify, force=told["force"], quiet=told["quiet"])
