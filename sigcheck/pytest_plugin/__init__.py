"""The pytest plugin: `pytest --sigcheck`, and the fixture `signature_snapshot`.

Loaded into every run of pytest where sigcheck is installed: this file and those it imports
load pytest and the standard library only. What checks is imported where it is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sigcheck.pytest_plugin.permitted import CONFIG, LOAD, OUTSIDE, REMOTE
from sigcheck.pytest_plugin.snapshot_use import FILES, TEST, SnapshotUse, folder_of, name_test

if TYPE_CHECKING:
    from sigcheck.schema.observation import Observation
    from sigcheck.testing.snapshot import SignatureSnapshot

_FIXTURE = "signature_snapshot"
_FILES = pytest.StashKey["list[str]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, all of them off."""
    group = parser.getgroup("sigcheck", "signatures of models")
    group.addoption(
        "--sigcheck", action="store_true", help="check each model and link of sigcheck.toml as a test of its own"
    )
    group.addoption(
        CONFIG,
        metavar="FILE",
        help="the config for --sigcheck (default: sigcheck.toml or pyproject.toml, in the root folder or above)",
    )
    group.addoption(
        "--sigcheck-verify",
        choices=("typed", "traced", "executed"),
        help="how far --sigcheck proves adapters (default: executed where TensorFlow is installed)",
    )
    group.addoption(
        REMOTE, action="store_true", help="let --sigcheck read models by an address (also: SIGCHECK_REMOTE=1)"
    )
    group.addoption(
        LOAD, action="store_true", help="let --sigcheck load the models of which the config says so: they are programs"
    )
    group.addoption(OUTSIDE, action="store_true", help="let --sigcheck read what the config names outside its folder")
    group.addoption(
        "--sigcheck-against",
        metavar="REV",
        help="the Git revision that --sigcheck compares with (default: the config's)",
    )
    group.addoption(
        "--signature-update", action="store_true", help="write signature snapshots anew, and delete unused ones"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker, and starts to keep account of snapshots."""
    config.addinivalue_line("markers", "sigcheck: a model or link of sigcheck.toml, collected by --sigcheck.")
    config.pluginmanager.register(SnapshotUse(config), "sigcheck-snapshot-use")
    if not config.getoption("--sigcheck"):
        _require_option(config.args)


def _require_option(named: Sequence[str]) -> None:
    """Raises UsageError where a config, or a model or link of one, is named, which without the option nothing collects.

    Of a `pyproject.toml` itself other plugins may make something.
    """
    for one in named:
        path, _, item = one.partition("::")
        name = path.replace("\\", "/").rpartition("/")[2]
        if name == "sigcheck.toml" or (item and name == "pyproject.toml"):
            raise pytest.UsageError(f"{one}: models and links are tests with --sigcheck only. Add --sigcheck.")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A config that is named on the command line, or met where tests are looked for."""
    if not parent.config.getoption("--sigcheck"):
        return None
    from sigcheck.pytest_plugin.project_items import collect_config

    return collect_config(file_path, parent)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Adds the items of the config, before -k and -m choose among all items."""
    if session.config.getoption("--sigcheck"):
        from sigcheck.pytest_plugin.project_items import add_items

        add_items(session, items)


@pytest.fixture
def signature_snapshot(request: pytest.FixtureRequest) -> SignatureSnapshot:
    """The signatures that a model had when the test was last updated: `assert model == signature_snapshot`.

    They are kept as text in `__signatures__/TEST_FILE/TEST.txt` beside the test file, and are
    written by `pytest --signature-update`. A model is a path, a live object or a structure of
    `tf.TypeSpec`. `signature_snapshot("name")` is a second one for the same test.
    """
    from sigcheck.testing.snapshot import SignatureSnapshot

    item: pytest.Item = request.node
    used = item.stash.setdefault(_FILES, [])
    return SignatureSnapshot(
        folder_of(item.path),
        name_test(item),
        is_updated=bool(request.config.getoption("--signature-update")),
        on_use=lambda path: used.append(str(path)),
    )


def pytest_assertrepr_compare(op: str, left: object, right: object) -> Sequence[str] | None:
    """What a snapshot says of the model that it was compared with."""
    snapshots = sys.modules.get("sigcheck.testing.snapshot")
    if op != "==" or snapshots is None:
        return None
    found = [one for one in (right, left) if isinstance(one, snapshots.SignatureSnapshot)]
    explained: list[str] | None = found[0].explain() if found else None
    return explained


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets the report of a test carry the snapshots that it used, from a process of pytest-xdist too."""
    report = yield
    if call.when == "setup":
        report.__dict__[TEST] = (str(item.path), name_test(item))
    if call.when == "call" and _FIXTURE in getattr(item, "fixturenames", ()):
        report.__dict__[FILES] = item.stash.get(_FILES, [])
    return report


@pytest.fixture(scope="session")
def observe_once() -> Callable[[str, Callable[[], Iterable[Any]]], Observation]:
    """What a pipeline of data shows, by a name, observed at its first call in the session.

    `observe_once("train", make)`: `make` gives what `sigcheck.observe` takes, as a `tf.data.Dataset`.
    """
    known: dict[str, Observation] = {}

    def observe(name: str, make: Callable[[], Iterable[Any]]) -> Observation:
        if name not in known:
            import sigcheck

            known[name] = sigcheck.observe(make())
        return known[name]

    return observe
