from __future__ import annotations

import pytest

from tests.pytest_plugin.conftest import section

TEST = """
def test_encoder(signature_snapshot):
    assert "encoder" == signature_snapshot

class TestBoth:
    def test_both(self, signature_snapshot):
        assert "encoder" == signature_snapshot
        assert "classifier.keras" == signature_snapshot
        assert "encoder#serving_default" == signature_snapshot("served")
"""

ENCODER = """\
[serving_default]
input   measurements: float32[?, 24]
output  output_0: float32[?, 10]
"""

MISSING = """\
E       assert no signature snapshot __signatures__/test_models/test_encoder.txt
E
E           [serving_default]
E           input   measurements: float32[?, 24]
E           output  output_0: float32[?, 10]
E
E         Write it with --signature-update, look at it, and commit it."""

CHANGED = """\
E       assert another signature than __signatures__/test_models/test_encoder.txt
E
E                     [serving_default]
E           snapshot  input   measurements: float32[?, 12]
E           found     input   measurements: float32[?, 24]
E                                                      ^^
E                     output  output_0: float32[?, 10]
E           snapshot  output  gone: bool[?]
E
E         If the change is meant, write the snapshot anew with --signature-update."""

UNUSED = "* signature snapshot* unused*"


@pytest.fixture
def folder(project):
    project.makepyfile(test_models=TEST)
    return project.path / "__signatures__" / "test_models"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_snapshot_is_written_once_and_then_compared(run, folder):
    result = run()
    result.assert_outcomes(failed=2)
    assert MISSING in section(result, "_ test_encoder _")
    assert not folder.exists()
    run("--signature-update").assert_outcomes(passed=2)
    assert names(folder) == [
        "TestBoth.test_both-2.txt",
        "TestBoth.test_both-served.txt",
        "TestBoth.test_both.txt",
        "test_encoder.txt",
    ]
    assert (folder / "test_encoder.txt").read_text(encoding="utf-8") == ENCODER
    again = run()
    again.assert_outcomes(passed=2)
    again.stdout.no_fnmatch_line(UNUSED)


def test_a_change_is_marked_and_can_be_accepted(run, folder):
    run("--signature-update")
    path = folder / "test_encoder.txt"
    path.write_text(ENCODER.replace("24", "12") + "output  gone: bool[?]\n", encoding="utf-8")
    result = run("-k", "encoder")
    assert CHANGED in section(result, "_ test_encoder _")
    run("--signature-update", "-k", "encoder").assert_outcomes(passed=1, deselected=1)
    assert path.read_text(encoding="utf-8") == ENCODER


def test_what_no_test_uses_is_reported_and_deleted(run, folder, project):
    run("--signature-update")
    (folder / "test_old.txt").write_text("x", encoding="utf-8")
    (folder / "test_encoder-3.txt").write_text("x", encoding="utf-8")
    gone = project.path / "__signatures__" / "test_gone"
    gone.mkdir()
    (gone / "test_x.txt").write_text("x", encoding="utf-8")
    result = run()
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "3 signature snapshots unused; delete with --signature-update:",
            "  __signatures__/test_gone/test_x.txt",
            "  __signatures__/test_models/test_encoder-3.txt",
            "  __signatures__/test_models/test_old.txt",
        ]
    )
    run("--signature-update").stdout.fnmatch_lines(["3 signature snapshots deleted, unused:"])
    assert len(names(folder)) == 4
    assert names(gone) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["-k", "encoder"],
        ["test_models.py::test_encoder"],
        ["--maxfail=1"],
        ["--deselect", "test_models.py::test_encoder"],
    ],
)
def test_nothing_is_called_unused_where_only_a_part_ran(run, folder, arguments):
    run("--signature-update")
    (folder / "test_old.txt").write_text("x", encoding="utf-8")
    if arguments == ["--maxfail=1"]:
        (folder / "test_encoder.txt").write_text("x", encoding="utf-8")
    run(*arguments).stdout.no_fnmatch_line(UNUSED)


def test_the_snapshots_of_a_test_that_fails_are_kept(run, folder, project):
    run("--signature-update")
    project.makepyfile(
        test_models="import pytest\n@pytest.fixture\ndef broken(): 1 / 0\n"
        + TEST.replace("def test_encoder(signature_snapshot)", "def test_encoder(broken, signature_snapshot)")
    )
    run("--signature-update").assert_outcomes(passed=1, errors=1)
    assert "test_encoder.txt" in names(folder)


def test_several_processes_write_and_account_together(run, folder, project):
    project.makepyfile(test_more=TEST)
    run("-n", "2", "--signature-update").assert_outcomes(passed=4)
    (folder / "test_old.txt").write_text("x", encoding="utf-8")
    result = run("-n", "2", "--dist", "loadgroup")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["1 signature snapshot unused; *", "  __signatures__/test_models/test_old.txt"])
    run("-n", "2", "-k", "encoder").stdout.no_fnmatch_line(UNUSED)


def test_names_that_no_file_can_have(run, project):
    project.makepyfile(
        test_names="""
        import pytest

        @pytest.mark.parametrize("name", ["a/b", "a:b", "..", "x" * 300, "plain"])
        def test_it(name, signature_snapshot):
            assert "encoder" == signature_snapshot
        """
    )
    run("--signature-update").assert_outcomes(passed=5)
    found = names(project.path / "__signatures__" / "test_names")
    assert len(found) == 5
    assert "test_it[plain].txt" in found
    assert max(map(len, found)) < 150
    run().assert_outcomes(passed=5)


def test_snapshots_of_other_names_are_other_files(run, project):
    project.makepyfile(
        test_names="""
        def test_it(signature_snapshot):
            assert "encoder" == signature_snapshot("a b")
            assert "classifier.keras" == signature_snapshot("a_b")
            assert "encoder" == signature_snapshot
            assert "classifier.keras" == signature_snapshot
            assert "encoder" == signature_snapshot("2")
        """
    )
    run("--signature-update").assert_outcomes(passed=1)
    assert len(names(project.path / "__signatures__" / "test_names")) == 5
    run().assert_outcomes(passed=1)


def test_what_cannot_be_read_is_no_other_signature(run, project):
    project.makepyfile("def test_it(signature_snapshot):\n    assert 'lost' == signature_snapshot\n")
    result = run("--signature-update")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*SourceError: lost: no such file or folder.*"])


@pytest.mark.parametrize("linked", ["__signatures__", "__signatures__/test_models", "__signatures__/gone"])
def test_nothing_is_deleted_through_a_link(project, run, linked):
    project.makepyfile(test_models="def test_it(): pass")
    theirs = project.mkdir("theirs")
    for folder in (theirs, theirs / "gone"):
        folder.mkdir(exist_ok=True)
        (folder / "precious.txt").write_text("precious")
    link = project.path / linked
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(theirs)
    run("--signature-update").assert_outcomes(passed=1)
    assert len(list(theirs.rglob("precious.txt"))) == 2
