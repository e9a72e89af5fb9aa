"""`sigcheck lint`: every model and link of a project."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigcheck.cli.engine import BEAM, engine_option, parted
from sigcheck.cli.options import PLAIN_FORMATS, format_option
from sigcheck.cli.output import complain, file_page, page, require_place, say, write_whole
from sigcheck.cli.permissions import given_permission, project_options
from sigcheck.cli.progress import shown_progress
from sigcheck.cli.project import config_option, lint_options, load_project, locate_project, open_cache
from sigcheck.cli.report_files import html_option, output_option, parse_outputs, write_reports
from sigcheck.project.answers import Answer, answer
from sigcheck.reports import FORMATS
from sigcheck.schema.errors import UsageError
from sigcheck.schema.time_limit import require_time_limit

if TYPE_CHECKING:
    from sigcheck.api import VerifyLevel
    from sigcheck.config.config import Config
    from sigcheck.project.baseline import Baseline
    from sigcheck.reports.parts.page import Page
    from sigcheck.schema.project import LintResult


# Each holds what was read, and half of what they make is put together by one.
_MOST_PROCESSES = 4
_ALL: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def _rules(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Completes the name of a rule, behind others where these are written."""
    from sigcheck.rules import RULES

    others, comma, _last = incomplete.rpartition(",")
    return [word for name in RULES if (word := f"{others}{comma}{name}").startswith(incomplete)]


@click.command(
    short_help="Check all models and links of a project.",
    epilog="""\b
    Examples:
      sigcheck lint
      sigcheck lint --verify typed
      sigcheck lint --format github --output sarif=sigcheck.sarif
      sigcheck lint --html report.html
      sigcheck lint --baseline baseline.json --accept
      sigcheck lint --baseline baseline.json
      sigcheck lint --remote
      sigcheck lint --against origin/main
      sigcheck lint --select stale_lock,stale_adapter
      sigcheck lint --statistics
      sigcheck lint --engine beam -- --runner=DirectRunner
      sigcheck lint --fix
      sigcheck lint --watch

    Exit codes: 0 passed; 1 findings at level error; 2 could not check.""",
)
@click.argument("options", nargs=-1, metavar="[-- OPTION...]")
@config_option
@lint_options
@project_options
@click.option("--against", metavar="REV", help="Find what was agreed at a Git revision and breaks here.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Let pass what FILE accepts.")
@click.option("--accept", is_flag=True, help="Write the file of --baseline: accept what is found today.")
@click.option("--select", multiple=True, metavar="RULE,...", shell_complete=_rules, help="Tell these rules only.")
@click.option("--ignore", multiple=True, metavar="RULE,...", shell_complete=_rules, help="Leave these rules out.")
@click.option("--statistics", is_flag=True, help="Print how often each rule found something, and no finding.")
@engine_option("Check")
@click.option("--fix", is_flag=True, help="First write adapters and the lock, and delete ignores that match nothing.")
@click.option("--watch", is_flag=True, help="Lint again whenever a file of the project changes.")
@format_option(tuple(FORMATS))
@output_option
@html_option
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes, links, and what is ignored too.")
def lint(  # noqa: PLR0913  # a parameter for each option
    *,
    options: Sequence[str],
    config_file: Path | None,
    verify: VerifyLevel | None,
    timeout: float,
    no_cache: bool,
    baseline: Path | None,
    accept: bool,
    against: str | None,
    select: Sequence[str],
    ignore: Sequence[str],
    statistics: bool,
    engine: str,
    fix: bool,
    watch: bool,
    format_name: str,
    outputs: Sequence[str],
    remote: bool,
    remote_private: bool,
    allow_outside: bool,
    load: bool,
    **look: Any,
) -> int:
    """Check every model and link that sigcheck.toml names: what fits, what needs an adapter, what changed.

    Adapter files are compared with what the models need, and models with sigcheck.lock. What
    FILE of --baseline accepts does not count; entries that are not found any more are deleted
    from it. What was agreed at REV and breaks here is an error that only an ignore with a reason
    lets pass. --select and --ignore choose rules for this once; what could not be checked, undecided links
    among it, still is no pass. --fix mends what needs nobody's decision. Nothing of the repository is run,
    no address is opened and nothing outside the folder of the config is read unless an option says so; models
    elsewhere are answered for by the lock.
    """
    does = _engine(engine, options)
    files = parse_outputs(outputs, look["html"])
    permission = given_permission(remote=remote, remote_private=remote_private, allow_outside=allow_outside, load=load)
    accepted = _read_baseline(baseline, is_new=accept)
    chosen = _chosen(select, ignore, is_new=accept)
    if statistics and format_name != "text":
        raise UsageError("--statistics", f"beside --format {format_name}, expected text. Leave one of them out.")
    if watch:
        return _watch(config_file, is_once=accept or fix)
    # Of an answer that is kept nobody else would ask.
    require_time_limit(timeout)
    path, cache = locate_project(config_file), open_cache(no_cache=no_cache)
    shown = page(is_verbose=look["verbose"], is_quiet=look["quiet"])

    def run_once() -> tuple[Config, LintResult]:
        from sigcheck.config.load import load_config
        from sigcheck.project.lint import lint as run

        config = load_config(path)
        with shown_progress(f"linting {config.path}") as watcher:
            return config, run(
                config,
                verify=verify,
                timeout=timeout,
                cache=cache,
                watcher=watcher,
                permission=permission,
                against=against,
                processes=min(os.cpu_count() or 1, _MOST_PROCESSES),
                **does,
            )

    def tell() -> Answer:
        from sigcheck.project.lint import is_final

        config, result = run_once()
        if fix:
            from sigcheck.cli.fix import fix_project

            fix_project(config, result, verify=verify, timeout=timeout, permission=permission, cache=cache)
            _, result = run_once()
        is_settled = baseline is None
        if baseline is not None:
            result, is_settled = _settle(result, accepted, baseline)
        result, told = _choose(result, chosen)
        write_reports(files, lambda name: FORMATS[name].render_lint(result, file_page(is_verbose=look["verbose"])))
        text = _statistics(result, shown) if statistics else FORMATS[format_name].render_lint(result, shown)
        return Answer(result.exit_code, text, told, is_final=is_settled and is_final(result, verify))

    # What is written has to be written again, and a page may hold programs: these are made anew.
    if no_cache or fix or accept or does or files or format_name not in PLAIN_FORMATS:
        made = tell()
    else:
        by = None if accepted is None else sorted(accepted.entries)
        permitted = (permission.remote, permission.private, permission.outside, permission.load)
        terms = (verify, against, by, *map(sorted, chosen), statistics, format_name, *vars(shown).values())
        made = answer(cache, ["lint", str(path), *permitted, *terms], tell)
    if made.is_kept and made.told:
        complain(made.told)
    say(made.text)
    return made.code


def _statistics(result: LintResult, shown: Page) -> str:
    from sigcheck.reports.parts.statistics import render_statistics

    return render_statistics(result, shown)


def _engine(engine: str, words: Sequence[str]) -> dict[str, Any]:
    """What the lint is told of who does it."""
    others, options = parted(words, engine)
    if others:
        problem = "found beside the options of lint, which checks a whole project"
        is_config = others[0].endswith(".toml")
        cure = "Name a config with --config" if is_config else "Leave it out, or write `sigcheck check`"
        raise UsageError(others[0], f"{problem}. {cure}.")
    if engine != BEAM:
        return {}
    from sigcheck.beam.lint import check_on_beam

    return {"engine": check_on_beam(options)}


def _watch(config_file: Path | None, *, is_once: bool) -> int:
    """The same command, again and again."""
    if is_once:
        raise UsageError("--watch", "beside --accept or --fix, expected a lint that writes nothing. Leave one out.")
    from sigcheck.cli.watch import watch_project

    context = click.get_current_context()
    given = {**context.params, "watch": False}
    return watch_project(lambda: load_project(config_file), lambda: int(context.invoke(context.command, **given)))


def _chosen(select: Sequence[str], ignore: Sequence[str], *, is_new: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The rules to tell, none for all, and those to leave out."""
    if not select and not ignore:
        return _ALL
    if is_new:
        raise UsageError("--accept", "accepts all that is found, expected no --select and --ignore. Leave them out.")
    from sigcheck.project.chosen_rules import read_rules

    return read_rules("--select", select), read_rules("--ignore", ignore)


def _choose(result: LintResult, chosen: tuple[frozenset[str], frozenset[str]]) -> tuple[LintResult, str]:
    """The lint of the chosen rules, and what is said of the others: nothing where all are chosen."""
    if chosen == _ALL:
        return result, ""
    from sigcheck.project.chosen_rules import choose_rules

    result, left_out = choose_rules(result, *chosen)
    told = f"{left_out} found by other rules and left out, by --select or --ignore" if left_out else ""
    if told:
        complain(told)
    return result, told


def _read_baseline(path: Path | None, *, is_new: bool) -> Baseline | None:
    """What the file accepts; None where there is no file, or it is to be written."""
    if path is None:
        if is_new:
            raise UsageError("--accept", "no file, expected --baseline FILE beside it. Name the file.")
        return None
    if is_new:
        if not require_place(path) and path.exists():
            raise UsageError(str(path), "is there already, and a baseline only shrinks. Delete it to accept anew.")
        return None
    from sigcheck.project.baseline import read_baseline

    return read_baseline(path)


def _settle(result: LintResult, baseline: Baseline | None, path: Path) -> tuple[LintResult, bool]:
    """The lint under its baseline, the file of which is written where it is new or shrinks; whether it stays."""
    from sigcheck.project.baseline import accept, write_baseline

    told = ""
    if baseline is None:
        kept = accept(result.findings)
        told = f"{path}: {len(kept.entries)} accepted"
    else:
        # Where something could not be checked, nobody knows what would have been found.
        kept = baseline if result.incomplete else baseline.shrink(result.findings)
        gone = len(baseline.entries) - len(kept.entries)
        if gone:
            told = f"{path}: {gone} not found any more, and deleted"
    if kept != baseline:
        write_whole(path, write_baseline(kept))
    if told:
        complain(told)
    return kept.apply(result), kept == baseline
