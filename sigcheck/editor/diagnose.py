"""Diagnose: what is wrong with a config as it stands in the editor, and with the project that it describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sigcheck.config.config import Config
from sigcheck.config.find import PYPROJECT, has_config
from sigcheck.config.load import parse_config
from sigcheck.editor.words import Known
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.finding import Level
from sigcheck.schema.project import LintFinding, LintResult

_LINE = re.compile(r":(\d{1,9})$")


@dataclass(frozen=True)
class Told:
    """One finding at a line, from 0 on, of the config. `finding` is None where the config itself is wrong."""

    line: int
    level: Level
    message: str
    rule: str = ""
    finding: LintFinding | None = None


@dataclass(frozen=True)
class Diagnosis:
    """What was found; `config` and `result` are None where the text is no config."""

    told: tuple[Told, ...]
    config: Config | None = None
    result: LintResult | None = None

    @property
    def known(self) -> Known:
        """The names of the project, as completions need them."""
        if self.result is None or self.config is None:
            return Known({})
        links = tuple(link.title for link in self.config.links)
        return Known({model.name: model.signature for model in self.result.models}, links)


def diagnose(path: Path, text: str, cache: Cache) -> Diagnosis:
    """The lint of the text, as that of the file: adapters are proved by types, and nothing is run or opened elsewhere.

    Of a `pyproject.toml` without a config nothing is said.
    """
    try:
        if path.name == PYPROJECT and not has_config(path, text):
            return Diagnosis(())
        config = parse_config(path, text)
        result = lint(config, verify="typed", cache=cache)
    except SigcheckError as error:
        return Diagnosis(tuple(_mistakes(error)))
    except Exception as error:  # noqa: BLE001  # a text of which nothing is told would look like one without mistakes
        told = f"internal error: {type(error).__name__}: {error}; please report it, as `sigcheck lint` tells it"
        return Diagnosis((Told(0, "error", told),))
    here = [one for one in result.active if one.location.path == path.name]
    return Diagnosis(tuple(_told(one) for one in here), config, result)


def _mistakes(error: SigcheckError) -> Iterator[Told]:
    for one in error.each:
        at = _LINE.search(one.place) or re.search(r"at line (\d{1,9})", one.problem)
        yield Told(int(at[1]) - 1 if at else 0, "error", one.problem)


def _told(one: LintFinding) -> Told:
    finding = one.finding
    specs = [
        f"{word}  {spec}" for word, spec in (("required", finding.required), ("provided", finding.provided)) if spec
    ]
    cure = [f"help  {finding.help}"] if finding.help else []
    head = f"{one.subject}: {finding.place}: {finding.message}"
    return Told(one.location.line - 1, finding.level, "\n".join([head, *specs, *cure]), finding.rule, one)
