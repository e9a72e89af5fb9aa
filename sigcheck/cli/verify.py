"""`sigcheck verify`: whether an adapter file is still what its certificate says."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigcheck.cli.options import PLAIN_FORMATS, format_option, load_option, run_models_option, timeout_option
from sigcheck.cli.output import complain, page, say, write_whole
from sigcheck.cli.permissions import given_permission, permission_options
from sigcheck.cli.progress import shown_progress
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from sigcheck.schema.certificate import Recheck


@click.command(
    short_help="Prove a committed adapter again, by its certificate.",
    epilog="""\b
    Examples:
      sigcheck verify adapter.py
      sigcheck verify adapter.py --update
      sigcheck verify edited.py --run-adapter

    Exit codes: 0 the certificate holds; 1 it does not; 2 could not check.""",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--update", is_flag=True, help="Write the certificate anew where the proof passes.")
@click.option(
    "--case", type=click.Path(path_type=Path), metavar="NPZ", help="Run on the tensors of this counterexample only."
)
@click.option("--run-adapter", is_flag=True, help="Run an adapter that sigcheck did not write: it is a program.")
@permission_options
@load_option
@run_models_option
@timeout_option(DEFAULT_TIMEOUT)
@format_option(PLAIN_FORMATS)
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def verify(  # noqa: PLR0913  # a parameter for each option
    *,
    file: Path,
    update: bool,
    case: Path | None,
    timeout: float,
    format_name: str,
    quiet: bool,
    remote: bool,
    remote_private: bool,
    allow_outside: bool,
    **allowed_options: bool,
) -> int:
    """Repeat the proof of the adapter FILE that the certificate beside it tells of, and say what changed.

    An edited adapter, another signature of a model, a failure or a lower level of proof means
    that the certificate does not hold. The smallest tensors on which the adapter fails are
    saved beside it.

    A certificate turns on nothing: where models were loaded or run for it, --load and
    --run-models have to say so again, and an adapter that is not byte for byte what sigcheck
    writes is run with --run-adapter only. Models are read in the folder of the config around
    FILE, of the current folder where there is none; others only where an option allows it.
    """
    from sigcheck.certificates.allowed import Allowed
    from sigcheck.certificates.counterexample import verify_case
    from sigcheck.certificates.paths import certificate_path
    from sigcheck.certificates.recheck import verify_adapter
    from sigcheck.certificates.write import write_certificate

    permission = given_permission(remote=remote, remote_private=remote_private, allow_outside=allow_outside)
    allowed = Allowed(**allowed_options, permission=permission, root=_project_of(file))

    if case is not None:
        if update:
            raise UsageError("--update", "does not go with --case, which proves one case only. Leave one out.")
        with shown_progress(f"running {file} on {case}"):
            recheck = verify_case(file, case, timeout=timeout, allowed=allowed)
        _tell(recheck, format_name, quiet=quiet)
        return recheck.exit_code
    with shown_progress(f"verifying {file}"):
        recheck, now = verify_adapter(file, timeout=timeout, allowed=allowed)
    _tell(recheck, format_name, quiet=quiet)
    _save_counterexample(recheck, file)
    if update and not recheck.verification.failures and recheck.verification.reaches(recheck.certified):
        write_whole(certificate_path(file), write_certificate(now))
        if not quiet:
            complain(f"wrote {certificate_path(file)}")
        return 0
    return recheck.exit_code


def _project_of(file: Path) -> Path | None:
    """The folder of the config around an adapter file; None where there is none."""
    from sigcheck.config.find import find_config

    try:
        return find_config(file.parent).parent
    except SourceError:
        return None


def _tell(recheck: Recheck, format_name: str, *, quiet: bool) -> None:
    from sigcheck.reports.parts import recheck as reports

    if format_name == "json":
        say(reports.render_json(recheck))
    else:
        say(reports.render_text(recheck, page(is_quiet=quiet)))


def _save_counterexample(recheck: Recheck, file: Path) -> None:
    from sigcheck.certificates.counterexample import counterexample_of
    from sigcheck.certificates.paths import COUNTEREXAMPLE_SUFFIX

    packed = counterexample_of(recheck.verification)
    if packed is None:
        return
    path = file.with_name(file.stem + COUNTEREXAMPLE_SUFFIX)
    write_whole(path, packed)
    complain(f"wrote {path}; reproduce with: sigcheck verify {shlex.quote(str(file))} --case {shlex.quote(str(path))}")
