"""What every format must do; a new file is tested on arrival."""

from __future__ import annotations

import pytest

from sigcheck.reports import FORMATS, MODEL_FORMATS


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
    assert FORMATS[name].__name__ == f"sigcheck.reports.formats.{name}"
    assert name == FORMATS[name].NAME


@pytest.mark.parametrize("name", MODEL_FORMATS)
def test_models_are_rendered_too(name, model):
    assert "image" in MODEL_FORMATS[name].render_models([model])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["lint", "diff"])
def test_lints_and_diffs_are_rendered_too(name, kind, request):
    result = request.getfixturevalue(kind)
    first, second = (getattr(FORMATS[name], f"render_{kind}")(result) for _ in range(2))
    assert first == second
    words = {"output_removed", "layout_mismatch"} if FORMATS[name].HAS_FINDINGS else {"encoder"}
    assert any(word in first for word in words)
    assert not first.endswith("\n")
    assert "\x1b" not in first


@pytest.mark.parametrize("name", FORMATS)
def test_chains_are_rendered_too(name, chain):
    first, second = (FORMATS[name].render_chain(chain) for _ in range(2))
    assert first == second
    assert "truncated_rows" in first or (not FORMATS[name].HAS_FINDINGS and "blocked" in first)
    assert not first.endswith("\n")
