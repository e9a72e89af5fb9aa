from __future__ import annotations

from dataclasses import replace

import pytest

from sigcheck.config.load import load_config
from sigcheck.project.lint import lint
from sigcheck.reports.formats import html, text
from sigcheck.reports.parts.next_steps import next_steps
from sigcheck.reports.parts.page import Page
from tests.reports.projects import large_lint

LINK = '[[links]]\nfrom = "{}"\nto = "{}"\n'


def model(name, *, inputs="", outputs=""):
    ends = [f"{side} = {{ {ends} }}\n" for side, ends in (("inputs", inputs), ("outputs", outputs)) if ends]
    return f'[models.{name}]\nsource = "{name}.toml"\n{"".join(ends)}'


@pytest.fixture
def project(tmp_path):
    """A decoder that feeds models of images, each of which may say its range, by name."""

    def call(declared, *, decoder="", ignore=""):
        parts = [model("decoder", outputs=decoder)]
        (tmp_path / "decoder.toml").write_text(
            '[[signatures]]\nkey = "k"\ninputs = []\n'
            '[[signatures.outputs]]\nname = "pixels"\ndtype = "float32"\nshape = ["?", 8]\n'
        )
        for name, is_declared in declared.items():
            (tmp_path / f"{name}.toml").write_text(
                '[[signatures]]\nkey = "k"\noutputs = []\n'
                '[[signatures.inputs]]\nname = "image"\ndtype = "float32"\nshape = ["?", 8]\n'
            )
            parts += [model(name, inputs="image = { range = [0, 1] }" if is_declared else "")]
            parts.append(LINK.format("decoder", name))
        (tmp_path / "sigcheck.toml").write_text("\n".join([*parts, ignore]))
        return lint(load_config(tmp_path / "sigcheck.toml"), verify="typed")

    return call


def test_what_one_declaration_settles_at_many_links_comes_first(project):
    result = project({"a": True, "b": True, "c": False})
    first, second = next_steps(result)
    assert (first.key, first.fact, first.value) == ("models.decoder.outputs.pixels", "range", None)
    assert first.links == ("decoder -> a", "decoder -> b", "decoder -> c")
    assert (second.key, second.links) == ("models.c.inputs.image", ("decoder -> c",))
    assert first.toml == "[models.decoder.outputs.pixels]\nrange = [LEAST, GREATEST]"


def test_what_is_declared_is_settled(project):
    """The advice is followed, one by one, until nothing is left."""
    open_before = {"a": True, "b": False}
    assert len(next_steps(project(open_before))) == 2
    assert len(next_steps(project(open_before, decoder="pixels = { range = [0, 255] }"))) == 1
    assert next_steps(project({"a": True, "b": True}, decoder="pixels = { range = [0, 255] }")) == ()


def test_what_is_accepted_is_not_asked_for(project):
    ignore = '[[ignore]]\nlink = "decoder -> a"\nrule = "unchecked_range"\nreason = "of no unit"\n'
    assert next_steps(project({"a": True}, ignore=ignore)) == ()


def test_a_lint_ends_with_what_comes_next_and_a_quiet_one_does_not(project):
    result = project({"a": True})
    told = text.render_lint(result)
    assert told.endswith(
        "next, what would settle most of what is not checked:\n"
        "  declare models.decoder.outputs.pixels.range (for decoder -> a)"
    )
    assert "next" not in text.render_lint(result, Page(is_quiet=True))
    page = html.render_lint(result)
    assert page.index('id="next"') < page.index('id="links"')
    assert "models.decoder.outputs.pixels.range" in page


def test_what_keeps_a_link_from_passing_comes_before_what_is_only_not_compared():
    made = large_lint(8)
    link = made.links[5]
    (finding,) = link.check.findings
    cured = finding.model_copy(update={"help": "declare it, with --fact 'consumer.image.padding={\"value\":0}'"})
    links = list(made.links)
    links[5] = replace(link, check=link.check.model_copy(update={"findings": (cured,)}))
    (first, *_) = next_steps(made.model_copy(update={"links": tuple(links)}))
    assert (first.key, first.fact, first.links) == ("models.model6.inputs.image", "padding", (link.name,))
    assert first.value == "{ value = 0 }"


def test_there_are_at_most_three(project):
    assert len(next_steps(project(dict.fromkeys("abcdef", False)))) == 3
