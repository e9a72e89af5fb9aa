"""What `pytest --sigcheck` opens: what a person says, and nothing that files of the repository do."""

from __future__ import annotations

import pytest

from tests.encodings.servers import served

CONTRACT = b'{"outputs": {"y": "float32[?, 10]"}}'
CONFIG = """\
[models.a]
source = "{source}"
"""


@pytest.fixture
def written(project, monkeypatch):
    """Writes the config, and options for every run into the files of the repository."""
    monkeypatch.delenv("SIGCHECK_REMOTE", raising=False)

    def write(source, options=""):
        (project.path / "sigcheck.toml").write_text(CONFIG.format(source=source))
        project.makeini(f"[pytest]\naddopts = {options}\n")
        return project

    return write


@pytest.mark.parametrize("options", ["", "--sigcheck-remote", "--sigcheck --sigcheck-allow-outside"])
def test_no_address_is_opened_by_the_repository_alone(written, run, options):
    with served({"/a.json": CONTRACT}) as server:
        written(f"{server.address}/a.json", options)
        run("--sigcheck").assert_outcomes(errors=1, passed=1)
        assert server.asked == []


def test_an_address_is_opened_where_the_environment_asks(written, run, monkeypatch):
    monkeypatch.setenv("SIGCHECK_REMOTE", "private")
    with served({"/a.json": CONTRACT}) as server:
        written(f"{server.address}/a.json")
        run("--sigcheck").assert_outcomes(passed=2)
        assert set(server.asked) == {"/a.json"}


def test_the_command_line_asks_for_public_addresses(written, run):
    with served({"/a.json": CONTRACT}) as server:
        written(f"{server.address}/a.json")
        result = run("--sigcheck", "--sigcheck-remote")
        result.assert_outcomes(errors=1, passed=1)
        result.stdout.fnmatch_lines(["*http, expected https. Ask for it with --remote-private*"])
        assert server.asked == []


@pytest.mark.parametrize(
    ("options", "given", "outcomes"),
    [
        ("", (), {"errors": 1, "passed": 1}),
        ("--sigcheck-allow-outside", (), {"errors": 1, "passed": 1}),
        ("", ("--sigcheck-allow-outside",), {"passed": 2}),
    ],
)
def test_what_is_outside_is_read_where_the_command_line_allows_it(written, run, options, given, outcomes):
    project = written("../outside.json", options)
    (project.path.parent / "outside.json").write_bytes(CONTRACT)
    run("--sigcheck", *given).assert_outcomes(**outcomes)


@pytest.mark.parametrize("is_file", [False, True], ids=["options", "a file of options"])
@pytest.mark.parametrize("mark", [" ", "="])
def test_a_config_outside_counts_where_the_command_line_names_it(written, run, project, mark, is_file):
    """The repository named the config of another project, and its findings were told."""
    other = project.path.parent / f"{project.path.name}-other"
    other.mkdir()
    (other / "sigcheck.toml").write_text(CONFIG.format(source="a.json"))
    (other / "a.json").write_bytes(CONTRACT)
    options = f"--sigcheck-config{mark}../{other.name}/sigcheck.toml"
    (project.path / "options.txt").write_text("\n".join(options.split()))
    written("a.json", "@options.txt" if is_file else options)
    result = run("--sigcheck")
    assert result.ret != 0
    result.stderr.fnmatch_lines(["*--sigcheck-config: outside the root folder, expected a config in the root folder*"])
    run("--sigcheck", *options.split()).assert_outcomes(passed=2)


def test_no_option_is_taken_by_its_beginning(written, run):
    project = written("../outside.json", "--sigcheck-allow-out")
    (project.path.parent / "outside.json").write_bytes(CONTRACT)
    assert run("--sigcheck").ret == pytest.ExitCode.USAGE_ERROR
    written("../outside.json")
    assert run("--sigcheck", "--sigcheck-allow-out").ret == pytest.ExitCode.USAGE_ERROR


def test_processes_of_xdist_hear_of_it(written, project):
    from tests.pytest_plugin.conftest import LOAD

    written("../outside.json")
    (project.path.parent / "outside.json").write_bytes(CONTRACT)
    arguments = ("-n", "1", "--dist", "loadgroup", "-p", "no:cacheprovider")
    project.runpytest_subprocess(*LOAD, *arguments, "--sigcheck").assert_outcomes(errors=1, passed=1)
    project.runpytest_subprocess(*LOAD, *arguments, "--sigcheck", "--sigcheck-allow-outside").assert_outcomes(passed=2)
