"""What every format must do; a new file is tested on arrival."""

from __future__ import annotations

from pathlib import Path

import pytest

import sigcheck.reports
from sigcheck.reports import CHAIN_FORMATS, FORMATS, MODEL_FORMATS, PICTURES, PROJECT_FORMATS

SUPPORT = {
    *("__init__", "digest", "finding", "ledger", "listing", "obstacle", "page", "project_text", "recheck", "table"),
    *("canvas", "comparison", "highlight", "layout", "page_view", "pipeline", "search_picture"),
}


def test_every_file_is_in_the_catalog():
    files = {path.stem for path in Path(sigcheck.reports.__file__).parent.glob("*.py")}
    assert files - SUPPORT == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["result", "undecided", "blocked", "hostile"])
def test_rendering_is_pure_and_ends_without_a_newline(name, kind, request):
    result = request.getfixturevalue(kind)
    first, second = (FORMATS[name].render_check(result) for _ in range(2))
    assert first == second
    assert first
    assert not first.endswith("\n")
    assert "\x1b" not in first


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_named_as_its_file(name):
    assert FORMATS[name].__name__ == f"sigcheck.reports.{name}"


@pytest.mark.parametrize("name", MODEL_FORMATS)
def test_models_are_rendered_too(name, model):
    assert "serving_default" in MODEL_FORMATS[name].render_models([model])


@pytest.mark.parametrize("name", PROJECT_FORMATS)
@pytest.mark.parametrize("kind", ["lint", "diff"])
def test_lints_and_diffs_are_rendered_too(name, kind, request):
    result = request.getfixturevalue(kind)
    first, second = (getattr(PROJECT_FORMATS[name], f"render_{kind}")(result) for _ in range(2))
    assert first == second
    assert "output_removed" in first or "layout_mismatch" in first or (name in PICTURES and "encoder" in first)
    assert not first.endswith("\n")
    assert "\x1b" not in first


@pytest.mark.parametrize("name", CHAIN_FORMATS)
def test_chains_are_rendered_too(name, chain):
    first, second = (CHAIN_FORMATS[name].render_chain(chain) for _ in range(2))
    assert first == second
    assert "truncated_rows" in first or (name in PICTURES and "blocked" in first)
    assert not first.endswith("\n")
