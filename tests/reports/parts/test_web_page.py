from __future__ import annotations

from html.parser import HTMLParser

import pytest

from sigcheck.reports.formats import html as reports
from sigcheck.reports.models import html as models
from sigcheck.reports.parts.web_page import MOST_HEIGHT, embed


@pytest.fixture(params=["report", "model"])
def page(request):
    if request.param == "report":
        return reports.render_check(request.getfixturevalue("result"))
    return models.render_models([request.getfixturevalue("model")])


def test_a_frame_holds_the_page_and_nothing_leaks_out(page):
    found = []

    class Frame(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, dict(attrs)))

    Frame().feed(embed(page, "a page"))
    ((tag, attributes),) = found
    assert tag == "iframe"
    assert attributes["srcdoc"] == page
    assert attributes["sandbox"] == "allow-scripts"


@pytest.mark.parametrize(("height", "wanted"), [(200, 200), (10_000, MOST_HEIGHT)])
def test_a_frame_is_as_high_as_its_page_and_no_higher_than_what_is_looked_at(height, wanted):
    assert f"height:{wanted}px" in embed("x", "a page", height)
