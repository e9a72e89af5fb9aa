"""Items of `pytest --sigcheck`: each model and each link of a config as a test.

A model is read and compared with the lock, a link is checked and its adapter file compared. An
item passes, fails with what was found, or is an error where it could not be checked. The whole
config is linted once for each process, when the first item runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sigcheck.pytest_plugin.permitted import CONFIG, permitted, require_permitted_config

if TYPE_CHECKING:
    from sigcheck.config.config import Config
    from sigcheck.reports.parts.digest import Problem
    from sigcheck.schema.project import LintResult

_CHOSEN = pytest.StashKey[Path]()
_IS_COLLECTED = pytest.StashKey[bool]()
_NAMES = ("sigcheck.toml", "pyproject.toml")
# Whatever no model or link is about, such as an ignore that matches nothing.
_REST = "config"


class ConfigFile(pytest.File):
    """A config, with an item for each model, each link and the rest."""

    _config: Config | None = None
    _result: LintResult | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Yields the items. What is wrong with the file is an error of the collection."""
        # Not where the collector is made: pytest makes those of a whole folder, and of them
        # collects from what its arguments name.
        self.config.stash[_IS_COLLECTED] = True
        from sigcheck.config.load import load_config
        from sigcheck.reports.parts.page import printable
        from sigcheck.schema.errors import SigcheckError

        try:
            self._config = load_config(self.path)
        except SigcheckError as error:
            raise self.CollectError(printable(str(error))) from None
        for name in self._config.entries.models:
            line = self._config.location("models", name).line
            yield ProjectItem.from_parent(self, name=f"model {printable(name)}", subject=name, line=line)
        for link, place in zip(self._config.links, self._config.places, strict=True):
            line = self._config.location(*place).line
            yield ProjectItem.from_parent(self, name=f"link {printable(link.title)}", subject=link.title, line=line)
        yield ProjectItem.from_parent(self, name=_REST, subject=None, line=1)

    def lint(self) -> LintResult:
        """The answer to the lint of the whole config, worked out once. Raises SigcheckError where it has none."""
        if self._result is None:
            from sigcheck.config.load import load_config
            from sigcheck.project.cache import Cache
            from sigcheck.project.lint import lint

            config = self._config or load_config(self.path)
            self._result = lint(
                config,
                verify=self.config.getoption("--sigcheck-verify"),
                timeout=_TIMEOUT,
                cache=Cache.of_user(),
                permission=permitted(self.config),
                against=self.config.getoption("--sigcheck-against"),
            )
        return self._result


# In seconds, for the proofs of all links together, as for `sigcheck lint`.
_TIMEOUT = 600.0


class ProjectItem(pytest.Item):
    """A model or a link of the config; without a subject, everything else that was found."""

    parent: ConfigFile

    def __init__(self, *, subject: str | None, line: int, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._subject = subject
        self._line = line
        self.add_marker("sigcheck")
        if self.config.pluginmanager.hasplugin("xdist"):
            # One process lints for all items with --dist loadfile, and with --dist loadgroup before pytest 9.2.
            self.add_marker(pytest.mark.xdist_group("sigcheck"))

    def setup(self) -> None:
        """Fails where the question could not be answered: in its setup, which pytest calls an error."""
        from sigcheck.reports.parts.page import printable
        from sigcheck.schema.errors import SigcheckError

        try:
            result = self.parent.lint()
        except SigcheckError as error:
            pytest.fail(printable(str(error)), pytrace=False)
        if self._subject in result.incomplete:
            pytest.fail(self._explained("could not be checked"), pytrace=False)

    def runtest(self) -> None:
        """Fails where a finding is an error."""
        if any(problem.finding.level == "error" for problem in self._problems()):
            pytest.fail(self._explained("does not pass"), pytrace=False)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """The file, the line counted from 0, and the name."""
        return self.path, self._line - 1, self.name

    def _problems(self) -> list[Problem]:
        from sigcheck.reports.parts.digest import digest_lint

        result = self.parent.lint()
        named = {model.name for model in result.models} | {link.name for link in result.links}
        return [
            problem
            for problem in digest_lint(result).active
            if (problem.subject == self._subject if self._subject is not None else problem.subject not in named)
        ]

    def _explained(self, problem: str) -> str:
        """Every error with its cure, and how many lesser findings there are."""
        from sigcheck.reports.parts.digest import count_levels
        from sigcheck.testing.failure_text import explain_finding, explain_obstacles

        checks = [link.check for link in self.parent.lint().links if link.name == self._subject and link.check]
        bindings = checks[0].bindings if checks else ()
        findings = [one.finding for one in self._problems()]
        blocks = [[f"{self.path.name}:{self._line}: {self.name} {problem}; found: {count_levels(findings)}"]]
        blocks += [explain_finding(one, bindings, is_in_test=False) for one in findings if one.level == "error"]
        blocks += explain_obstacles(bindings, is_in_test=False)
        if checks and checks[0].adapter is not None:
            blocks.append(["the adapter, to paste or to write with `sigcheck adapt --all`:"])
            blocks.append([f"    {line}".rstrip() for line in checks[0].adapter.source.strip().split("\n")])
        return "\n\n".join("\n".join(block) for block in blocks)


def collect_config(path: Path, parent: pytest.Collector) -> ConfigFile | None:
    """The collector of a config that is named on the command line or is the one of this run."""
    if path.name not in _NAMES:
        return None
    if parent.session.isinitpath(path) or path == _choose(parent.config):
        collector: ConfigFile = ConfigFile.from_parent(parent, path=path)
        return collector
    return None


def add_items(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Adds the items of this run's config, unless a config was collected already."""
    if not session.config.stash.get(_IS_COLLECTED, False):
        items.extend(session.genitems(ConfigFile.from_parent(session, path=_choose(session.config))))


def _choose(config: pytest.Config) -> Path:
    """The config of this run. Raises pytest.UsageError where there is none."""
    if _CHOSEN not in config.stash:
        from sigcheck.config.find import find_config
        from sigcheck.schema.errors import SigcheckError

        named = config.getoption(CONFIG)
        try:
            path = config.invocation_params.dir / named if named else find_config(config.rootpath)
        except SigcheckError as error:
            raise pytest.UsageError(f"--sigcheck: {error}") from None
        if named:
            require_permitted_config(config, path)
        config.stash[_CHOSEN] = Path(os.path.normpath(path))
    return config.stash[_CHOSEN]
