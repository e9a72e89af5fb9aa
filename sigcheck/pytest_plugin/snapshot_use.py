"""The use of snapshots in one run: those that no test compared with are reported, or deleted.

A snapshot counts as unused only where that is certain: its test file ran whole, and its test
passed without it, or is not there any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sigcheck.schema.distinct import file_name

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

FOLDER = "__signatures__"
# What reports carry, from a process of pytest-xdist too: which test it was, and which files it used.
TEST = "sigcheck_test"
FILES = "sigcheck_files"
_PARTIAL = "sigcheck_partial"


def folder_of(test_file: Path) -> Path:
    """Where the snapshots of a test file lie."""
    return test_file.parent / FOLDER / test_file.stem


def name_test(item: pytest.Item) -> str:
    """The name of a test within its file, as a file name: classes and parameters included.

    What no file name can hold becomes `_`, with a digest of the whole name behind it.
    """
    chain = item.listchain()
    files = [at for at, node in enumerate(chain) if isinstance(node, pytest.File)]
    name = ".".join(node.name for node in chain[files[-1] + 1 :]) if files else item.name
    return file_name(name, r"\w.\[\]=,+-")


class SnapshotUse:
    """A plugin for one run: it follows the reports of all tests, and speaks at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        # By test file: its tests by name, and whether each passed.
        self._tests: dict[Path, dict[str, bool]] = {}
        self._ids: dict[str, tuple[Path, str]] = {}
        self._used: set[Path] = set()
        self._partial: set[str] = set()
        self._expected = 0

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Notes the test files of which only a part runs."""
        self._partial.update(str(item.path) for item in items)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notes how many tests are to run, and which files were asked for in part."""
        self._expected = len(session.items)
        if any("::" in argument for argument in self._config.args):
            self._partial.update(str(item.path) for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Notes how many tests are to run in all processes together."""
        self._expected = len(ids)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes over what a process of pytest-xdist noted."""
        self._partial.update(getattr(node, "workeroutput", {}).get(_PARTIAL, ()))

    def pytest_sessionfinish(self) -> None:
        """Hands over what was noted, in a process of pytest-xdist."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_PARTIAL] = sorted(self._partial)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes which tests ran, which passed, and which snapshots they used."""
        if (test := report.__dict__.get(TEST)) is not None:
            self._ids[report.nodeid] = (Path(test[0]), test[1])
            self._tests.setdefault(Path(test[0]), {})[test[1]] = False
        if report.when == "call":
            self._used.update(map(Path, report.__dict__.get(FILES, ())))
            if report.passed and report.nodeid in self._ids:
                file, name = self._ids[report.nodeid]
                self._tests[file][name] = True

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Reports the unused snapshots; with --signature-update they are deleted."""
        if len(self._ids) < self._expected:
            return
        unused = sorted(self._unused())
        if not unused:
            return
        count = f"{len(unused)} signature snapshot{'' if len(unused) == 1 else 's'}"
        if self._config.getoption("--signature-update"):
            for path in unused:
                path.unlink(missing_ok=True)
            terminalreporter.write_line(f"{count} deleted, unused:")
        else:
            terminalreporter.write_line(f"{count} unused; delete with --signature-update:", yellow=True)
        for path in unused:
            terminalreporter.write_line(f"  {self._shown(path)}")

    def _unused(self) -> Iterator[Path]:
        for file, tests in self._tests.items():
            if str(file) not in self._partial:
                yield from self._unused_of(file, tests)
        for parent in {file.parent for file in self._tests}:
            for folder in _folders(parent / FOLDER):
                # The test file that the folder was for is gone.
                if not (parent / f"{folder.name}.py").exists():
                    yield from _snapshots(folder)

    def _unused_of(self, file: Path, tests: dict[str, bool]) -> Iterator[Path]:
        for path in _snapshots(folder_of(file)):
            if path in self._used:
                continue
            owners = [name for name in tests if path.stem == name or path.stem.startswith(f"{name}-")]
            if all(tests[name] for name in owners):
                yield path

    def _shown(self, path: Path) -> str:
        root = self._config.rootpath
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if _is_own(folder) else []


def _snapshots(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.txt") if path.is_file()] if _is_own(folder) else []


def _is_own(folder: Path) -> bool:
    """Whether it is a folder that snapshots lie in: what a link leads to is somebody else's, and never deleted."""
    return folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink()
