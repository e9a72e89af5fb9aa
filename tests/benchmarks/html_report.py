"""The web page of a report: how large it is, how fast it is written, and how fast a browser opens it.

    python tests/benchmarks/html_report.py

One link and 500. Times are the least of some rounds, in seconds: whatever else the machine does
only adds. Writing is wall time in a process that has just checked, the imports of the template
library with it. Opening is the time from the start of the navigation to the end of the page's
load event, in Chromium without a window.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, judge, say

MOST_BYTES = {1: 300_000, 500: 3_000_000}
WRITE_LIMIT, OPEN_LIMIT = 0.3, 1.0
ROUNDS = 5

WRITE = """
import time
import sigcheck
report = sigcheck.check("fixtures/rank/encoder", "fixtures/rank/classifier.keras", verify="typed")
str(report)
start = time.perf_counter()
page = report.to_html()
print(time.perf_counter() - start, len(page.encode()))
"""


def write_one() -> tuple[float, int]:
    """Seconds and bytes of the page of one link, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", WRITE], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, size = done.stdout.split()
    return float(seconds), int(size)


def write_large() -> tuple[float, str]:
    """Seconds, and the page of 500 links."""
    sys.path.insert(0, str(ROOT))
    from sigcheck.reports.formats.html import render_lint
    from tests.reports.projects import large_lint

    lint = large_lint(500)
    start = time.perf_counter()
    text = render_lint(lint)
    return time.perf_counter() - start, text


def open_page(text: str) -> float:
    """Seconds from the start of the navigation until the page is loaded, its script run. Raises where no browser is."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import find_browser

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "report.html"
        path.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        times = []
        for _ in range(ROUNDS):
            page = browser.new_page()
            page.goto(path.as_uri())
            times.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000)
            page.close()
        browser.close()
    return min(times)


def main() -> int:
    """Prints the figures, and says whether they hold."""
    ones = [write_one() for _ in range(ROUNDS)]
    written, size = min(seconds for seconds, _ in ones), ones[0][1]
    large_written, text = min((write_large() for _ in range(ROUNDS)), key=lambda one: one[0])
    opened = open_page(text)
    large_size = len(text.encode())
    say(f"1 link: {size / 1000:.0f} kB, written in {written:.2f} s")
    say(f"500 links: {large_size / 1e6:.2f} MB, written in {large_written:.2f} s, opened in {opened:.2f} s")
    return judge(
        {
            f"1 link under {MOST_BYTES[1]} bytes": size < MOST_BYTES[1],
            f"500 links under {MOST_BYTES[500]} bytes": large_size < MOST_BYTES[500],
            f"1 link adds under {WRITE_LIMIT} s": written < WRITE_LIMIT,
            f"500 links open in under {OPEN_LIMIT} s": opened < OPEN_LIMIT,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
