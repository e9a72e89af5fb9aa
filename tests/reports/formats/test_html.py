"""The page as text; what a browser makes of it is tested in tests/browser."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sigcheck.reports.formats import html
from sigcheck.schema.report import Counterexample, Failure, Verification
from tests.reports.projects import large_lint

ROOT = Path(__file__).parents[3]


class Page(HTMLParser):
    """The ids, links and tags of a page, and its text."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.fragments, self.tags, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.fragments.append(value)
            assert not name.startswith("on")
            assert name != "style"

    def handle_data(self, data):
        self.text += data


@pytest.fixture(
    params=[
        "check result",
        "check undecided",
        "check blocked",
        "check hostile",
        "chain chain",
        "lint lint",
        "diff diff",
    ]
)
def page(request):
    what, name = request.param.split()
    return Page(getattr(html, f"render_{what}")(request.getfixturevalue(name)))


def test_every_link_leads_somewhere_on_the_page(page):
    assert page.fragments
    assert {one.removeprefix("#") for one in page.fragments} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_a_rule_and_a_step_lead_to_their_pages_where_there_is_a_site(result):
    from sigcheck.reports.parts.page import Page as Paper

    found = Page(html.render_check(result, Paper(docs="https://docs.test/s/"))).fragments
    assert [one for one in found if not one.startswith("#")] == [
        *(f"https://docs.test/s/rules/{rule}.html" for rule in ("layout_mismatch", "unused_output")),
        *(f"https://docs.test/s/transforms/{name}.html" for name in ("cast", "transpose")),
    ]


def test_a_step_leads_to_what_it_does(result):
    found = Page(html.render_check(result))
    assert "#step-transpose" in found.fragments
    assert "step-transpose" in found.ids
    assert "Transpose: " not in found.text


def test_nothing_is_fetched(page):
    assert not {"img", "link", "iframe", "object", "embed"} & set(page.tags)
    assert page.tags.count("script") == 1


def test_a_check_tells_the_whole_story(result):
    text = Page(html.render_check(result)).text
    for part in (
        "adapts",
        "pixels",
        "layout_mismatch",
        "value range of image",
        "24",
        "tf",
        "axis 3 moves to 1",
        "What it does",
    ):
        assert part in text


def test_a_proof_tells_errors_sizes_and_counterexamples(result):
    proof = Verification(
        level="executed",
        cases=7,
        failures=(
            Failure(
                binding="image",
                case="NaN",
                message="not equal",
                counterexample=Counterexample(tensors={"pixels": "[[nan]]"}),
            ),
        ),
        max_abs_error=0.00012345,
        max_rel_error=0.5,
        sizes={"pixels": ((0, 8), (3, 8))},
        seeds=(5,),
    )
    text = Page(html.render_check(result.model_copy(update={"verification": proof}))).text
    for part in ("0.00012", "0.5 relative", "[3, 8]", "1 failed", "not equal", "pixels = [[nan]]"):
        assert part in text


def test_a_lint_tells_what_is_ignored_and_what_is_unreadable(lint):
    text = Page(html.render_lint(lint)).text
    assert "could not check" in text
    assert "does not count, ignore: read by another team" in text
    assert "no such file or folder" in text
    assert "sigcheck.toml:12" in text


def test_a_finding_keeps_its_address_when_others_come_and_go(result):
    def addresses(check):
        return [one for one in Page(html.render_check(check)).ids if one.startswith("finding-")]

    first = addresses(result)
    assert len(first) == len(result.findings) > 1
    assert addresses(result.model_copy(update={"findings": result.findings[1:]})) == first[1:]
    twice = addresses(result.model_copy(update={"findings": result.findings[:1] * 2}))
    assert twice[0] == first[0]
    assert len(set(twice)) == 2


def test_a_link_whose_errors_are_accepted_stands_with_those_that_have_none(lint):
    from sigcheck.reports.parts.page_content import view_lint

    found = {link.name: link for link in view_lint(lint).links}
    order = [link.severity for link in view_lint(lint).links]
    assert order == sorted(order)
    assert len(found) == len(lint.links)
    for link in found.values():
        assert sum(count for _, count in link.counts) == sum(one.suppression is None for one in link.findings)


def test_a_project_of_many_links_is_closed_and_small():
    text = html.render_lint(large_lint(200))
    assert len(text.encode()) / 200 < 6_000
    assert ' open>\n<summary><span class="chip">' not in text


def test_no_name_commands_a_terminal_or_turns_the_writing(hostile):
    text = html.render_check(hostile)
    assert not set("\x1b\u202e") & set(text)


def test_the_policy_names_what_stands_on_the_page(result):
    import base64
    import hashlib
    import re

    text = html.render_check(result)
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        hashed = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{directive} &#39;sha256-{hashed}&#39;" in text or f"{directive} 'sha256-{hashed}'" in text


def test_the_same_input_gives_the_same_bytes_in_every_process():
    code = (
        "import sigcheck, hashlib\n"
        "report = sigcheck.check('fixtures/rank/encoder', 'fixtures/rank/classifier.keras', verify='typed')\n"
        "print(hashlib.sha256(report.to_html().encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_a_cure_of_a_lint_is_copied_as_text_for_the_config():
    from sigcheck.reports.parts.page_content import view_lint

    made = large_lint(8)
    link = made.links[7]
    (finding,) = link.check.findings
    raw = finding.model_copy(update={"help": "declare it, with --fact consumer.image.range=0,1"})
    link = replace(link, check=link.check.model_copy(update={"findings": (raw,)}))
    view = view_lint(made.model_copy(update={"links": (*made.links[:7], link)}))
    (shown,) = (one for one in view.links if one.number == 8)
    ((cure,),) = (one.cures for one in shown.findings)
    assert cure.forms == (("TOML", "[models.model8.inputs.image]\nrange = [0, 1]"),)


def test_without_graphviz_the_page_says_how_to_get_pictures(monkeypatch, result):
    monkeypatch.setattr(html, "has_layout", lambda: False)
    text = html.render_check(result)
    assert "<svg" not in text
    assert "pip install &#39;sigcheck[pictures]&#39;" in text


def test_a_declaration_that_two_parts_of_a_help_come_to_is_offered_once():
    from sigcheck.reports.parts.page_content import _cures

    text = "declare --fact consumer.x.range=0,1; or what fills it, with --fact consumer.x.range=0,1"
    assert len(_cures(text)) == 1
