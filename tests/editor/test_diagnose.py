from __future__ import annotations

from .conftest import CONFIG


def test_each_finding_of_a_lint_stands_at_its_line(found):
    told = {(one.line, one.rule) for one in found().told}
    assert {(6, "ambiguous_binding"), (10, "unmatched_ignore")} <= told


def test_the_cure_is_told_with_it(found):
    (one,) = [one for one in found().told if one.rule == "ambiguous_binding"]
    assert "help  say which with bind = {" in one.message


def test_all_mistakes_of_a_config_stand_at_their_lines(found):
    diagnosis = found(CONFIG.replace('to = "ranker"', 'to = "rankr"').replace("lossy_cast", "losy_cast"))
    assert [(one.line, one.level) for one in diagnosis.told] == [(8, "error"), (11, "error"), (12, "error")]
    assert diagnosis.result is None


def test_what_is_no_toml_is_told_at_its_line(found):
    (one,) = found(CONFIG.replace('from = "texts"', "from = ")).told
    assert (one.line, one.level) == (7, "error")


def test_of_a_file_without_a_config_nothing_is_told(found):
    assert found('[project]\nname = "x"\n', "pyproject.toml").told == ()


def test_what_the_buffer_says_counts_and_not_the_file(found, project):
    (project / "sigcheck.toml").write_text("not read")
    assert found().result is not None


def test_an_error_of_its_own_is_told_and_does_not_look_like_a_clean_text(found, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("no")

    monkeypatch.setattr("sigcheck.editor.diagnose.lint", broken)
    (told,) = found().told
    assert (told.line, told.level) == (0, "error")
    assert told.message.startswith("internal error: ZeroDivisionError: no; please report it")
