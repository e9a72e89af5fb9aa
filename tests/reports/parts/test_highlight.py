from __future__ import annotations

import html
import re

import pytest

from sigcheck.reports.parts.highlight import highlight
from tests.reports.projects import SOURCE


@pytest.mark.parametrize(
    "source", [SOURCE, "", "x = '<b>&\"'", "def f(:\n  '''", "a\n  b\n c", "\tif\x0c", "é = '\u20ac'  # \U0001f600"]
)
def test_the_text_stays_the_text(source):
    plain = html.unescape(re.sub("<[^>]*>", "", highlight(source)))
    assert plain.replace("\\t", "\t").replace("\\x0c", "\x0c") == source


def test_each_kind_has_its_element():
    told = highlight("def f():  # why\n    return 'x<', 12\n")
    assert "<b>def</b>" in told
    assert "<s># why</s>" in told
    assert "<i>&#39;x&lt;&#39;</i>" in told
    assert "<u>12</u>" in told
