from __future__ import annotations

import tracemalloc

import pytest

from sigcheck.project.baseline import accept, read_baseline, write_baseline
from sigcheck.project.lint import lint
from sigcheck.schema.errors import SourceError

from .conftest import CONFIG, told

BLOCKED = 'inputs.embedding = "string[?, 10]"'


@pytest.fixture
def kept(project, tmp_path):
    """Today's findings of a project with a fault, accepted in a file."""
    path = tmp_path / "baseline.json"
    path.write_text(write_baseline(accept(lint(project(classifier=BLOCKED), verify="typed").findings)))
    return path


def test_what_is_accepted_does_not_count(project, kept):
    result = lint(project(classifier=BLOCKED), verify="typed")
    assert told(result)[0] == 1
    assert told(read_baseline(kept).apply(result)) == (0, [])


def test_what_is_new_counts(project, kept):
    twice = f'{CONFIG}name = "again"\n[[links]]\nfrom = "encoder"\nto = "classifier"\n'
    code, found = told(read_baseline(kept).apply(lint(project(twice, classifier=BLOCKED), verify="typed")))
    assert (code, found) == (1, ["5 again: embedding: error dtype_mismatch"])


def test_it_shrinks_and_never_grows(project, kept):
    baseline = read_baseline(kept)
    assert baseline.shrink(lint(project(classifier=BLOCKED), verify="typed").findings) == baseline
    assert not baseline.shrink(lint(project(), verify="typed").findings).entries


def test_a_warning_that_was_accepted_is_not_accepted_as_an_error(project, tmp_path):
    wider = 'inputs.embedding = "float32[?, 1, 10]"'
    baseline = accept(lint(project(classifier=wider), verify="typed").findings)
    assert {entry.rule for entry in baseline.entries.values()} == {"rank_mismatch", "missing_adapter"}
    strict = project(f'{CONFIG}policy = {{ deny = ["expand_dims", "reshape"] }}\n', classifier=wider)
    code, found = told(baseline.apply(lint(strict, verify="typed")))
    assert code == 1
    assert any("error" in one for one in found)


def test_notes_need_no_acceptance(project):
    result = lint(project(encoder='outputs.embedding = "float32[?, 10]"\noutputs.z = "float32[3]"'), verify="typed")
    assert [one.finding.rule for one in result.findings] == ["unused_output", "unchecked_range"]
    assert not accept(result.findings).entries


def test_the_same_findings_give_the_same_text(kept):
    assert write_baseline(read_baseline(kept)) == kept.read_text()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "expected a baseline"),
        (b"[]", r"must be an object, found \[\], expected a baseline"),
        (b'{"version": 2, "accepted": []}', "version: must be 1"),
        (b'{"accepted": [{"rule": "x"}]}', r"accepted\[0\].fingerprint: is missing"),
        (b"\xff", "expected a baseline"),
    ],
)
def test_a_broken_file(tmp_path, content, said):
    path = tmp_path / "baseline.json"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said):
        read_baseline(path)


def test_a_file_that_is_not_there_accepts_nothing(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_baseline(tmp_path / "baseline.json")


def test_of_very_many_wrong_entries_one_is_told(tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text(f'{{"accepted":[{",".join(["1"] * 200_000)}]}}')
    tracemalloc.start()
    with pytest.raises(SourceError, match=r"accepted\[0\]"):
        read_baseline(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Some 70 MB are those of parsing; an error for each takes twice as much more.
    assert peak < 120e6
