"""A real browser: Debian's Chromium, or what Playwright installs. One for all tests of a process."""

from __future__ import annotations

import os
import shutil

import pytest

PLACES = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "no Chromium: apt-get install chromium, or name one in SIGCHECK_CHROMIUM"


def find_browser():
    """The browser's path; None where there is none."""
    return os.environ.get("SIGCHECK_CHROMIUM") or next(filter(None, map(shutil.which, PLACES)), None)


def is_left_out():
    """Whether the tests are left out: there is no browser, and nobody said that there has to be one."""
    return find_browser() is None and not os.environ.get("SIGCHECK_NEEDS_BROWSER")


def pytest_collection_modifyitems(config, items):
    """Leaves the tests out where there is no browser; the end of the run says so."""
    own = [item for item in items if "tests/browser" in item.path.as_posix()] if is_left_out() else []
    if own:
        items[:] = [item for item in items if item not in own]
        config.hook.pytest_deselected(items=own)


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    assert path is not None, NO_BROWSER
    with sync_playwright() as playwright:
        # Root has no sandbox for the browser to start in; the pages are our own.
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Visit:
    """A page that is open, with all that it asked for and complained of."""

    def __init__(self, page):
        self.page, self.requests, self.complaints = page, [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))


@pytest.fixture(scope="session")
def context(browser):
    """A profile of the browser for each set of options, once for all tests: what differs between them are pages."""
    made = {}

    def call(permissions, options):
        key = repr((sorted(permissions), sorted(options.items())))
        if key not in made:
            made[key] = browser.new_context(**options)
            made[key].grant_permissions(list(permissions))
        return made[key]

    yield call
    for one in made.values():
        one.close()


@pytest.fixture
def visit(context, tmp_path):
    """Opens a report: its text, and what the browser is like."""
    visits = []

    def call(text, *, fragment="", permissions=(), **options):
        path = tmp_path / f"report{len(visits)}.html"
        path.write_text(text, encoding="utf-8")
        opened = Visit(context(permissions, options).new_page())
        visits.append(opened)
        opened.page.goto(f"{path.as_uri()}{fragment}")
        return opened

    yield call
    for one in visits:
        one.page.close()
