from __future__ import annotations

import subprocess

import pytest

from sigcheck.config.load import load_config
from sigcheck.project.agree import agree
from sigcheck.project.diff_projects import are_projects, diff_projects
from sigcheck.project.lock_file import write_lock
from sigcheck.project.read_models import read_models
from sigcheck.schema.errors import SourceError, UsageError

from .conftest import CONFIG

_IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]


def git(folder, *arguments):
    subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder):
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")


def write(config, name="sigcheck.lock"):
    (config.folder / name).write_text(write_lock(agree(read_models(config, None), None)))


def summary(result):
    return (
        result.exit_code,
        [f"{one.place}: {one.level} {one.rule}" for one in result.findings],
        [(one.link, one.effect) for one in result.links],
    )


LINK = "encoder -> classifier"
BROKEN = (1, ["encoder.embedding: error dtype_changed"], [(LINK, "broken")])


@pytest.fixture
def changed(project, tmp_path):
    """A project that was committed with its lock, and whose encoder gives texts now."""
    write(project())
    commit(tmp_path)
    return project(encoder='outputs.embedding = "string[?, 10]"')


def test_a_revision_and_what_is_on_the_disk(changed):
    result = diff_projects("main", None, changed)
    assert summary(result) == BROKEN
    assert (result.old.source, result.new.source) == ("main", "sigcheck.toml")
    assert summary(diff_projects("main", "HEAD", changed)) == (0, [], [])


def test_two_revisions(changed, tmp_path):
    commit(tmp_path)
    (tmp_path / "sigcheck.lock").unlink()
    commit(tmp_path)
    # The lock counts for what was agreed: only where it is gone the model itself does.
    assert summary(diff_projects("HEAD~2", "HEAD~1", changed)) == (0, [], [])
    assert summary(diff_projects("HEAD~2", "HEAD", changed)) == BROKEN


def test_two_locks(changed, tmp_path):
    write(changed, "new.lock")
    assert summary(diff_projects("sigcheck.lock", "new.lock", changed)) == BROKEN
    assert summary(diff_projects("main:sigcheck.lock", "new.lock", changed)) == BROKEN
    assert summary(diff_projects("lock", "new.lock", changed)) == BROKEN
    assert summary(diff_projects("lock", None, changed)) == BROKEN
    code, findings, links = summary(diff_projects("sigcheck.lock", "new.lock", None))
    assert (code, findings, links) == (1, ["encoder.embedding: error dtype_changed"], [])


@pytest.mark.parametrize("source", ["", r"\u0000"])
def test_a_model_of_a_lock_alone_may_have_had_any_source(project, tmp_path, source):
    config = project()
    write(config)
    lock = tmp_path / "sigcheck.lock"
    entry = f'\n[models.gone]\nsource = "{source}"\nreader = "keras"\noutputs.y = "float32[?]"\n'
    lock.write_text(lock.read_text() + entry)
    assert [one.rule for one in diff_projects("lock", None, config).findings] == ["model_removed"]


def test_facts_and_links_count(project, tmp_path):
    facts = CONFIG.replace("[models.c", "outputs.embedding = { range = [0, 1] }\n[models.c")
    project(facts)
    commit(tmp_path)
    config = project(CONFIG.partition("[[links]]")[0])
    assert summary(diff_projects("main", None, config)) == (
        1,
        ["encoder.embedding: error fact_removed", f"{LINK}: error link_removed"],
        [],
    )


def test_a_compatible_change_is_noted(project, tmp_path):
    project()
    commit(tmp_path)
    config = project(encoder='outputs.embedding = "float32[8, 10]"')
    assert summary(diff_projects("main", None, config)) == (
        0,
        ["encoder.embedding: note compatible_change"],
        [(LINK, "safe")],
    )


def test_what_names_a_project(project, tmp_path):
    config = project()
    assert are_projects("main", None, config)
    assert are_projects("a.lock", "main:b.lock", config)
    assert are_projects("lock", None, config)
    assert not are_projects("encoder", "encoder.toml", config)
    assert not are_projects("gone", "encoder", config)
    assert not are_projects("main:encoder.toml", "encoder", config)
    assert not are_projects("lock", "encoder", config)
    for text in ("encoder", "encoder.toml", "main:encoder.toml"):
        with pytest.raises(UsageError, match="expected two"):
            are_projects(text, None, config)


def test_what_cannot_be_compared(project, tmp_path):
    config = project()
    (tmp_path / "broken.lock").write_text("[")
    commit(tmp_path)
    with pytest.raises(SourceError, match="expected a Git revision"):
        diff_projects("nowhere", None, config)
    with pytest.raises(SourceError, match="expected a lock"):
        diff_projects("gone.lock", None, config)
    with pytest.raises(SourceError, match="Resolve it"):
        diff_projects("broken.lock", None, config)
    with pytest.raises(SourceError, match="expected a lock"):
        diff_projects("main:broken.lock", None, config)
    with pytest.raises(SourceError, match="Run `sigcheck lock` first"):
        diff_projects("lock", None, config)
    with pytest.raises(UsageError, match="no config"):
        diff_projects("main", None, None)


def test_a_folder_below_the_top_of_the_repository(project, tmp_path, monkeypatch):
    project()
    (tmp_path / "deep").mkdir()
    for path in [*tmp_path.glob("*.toml")]:
        path.rename(tmp_path / "deep" / path.name)
    commit(tmp_path)
    (tmp_path / "deep" / "encoder.toml").write_text('outputs.embedding = "string[?, 10]"')
    monkeypatch.chdir(tmp_path / "deep")
    assert summary(diff_projects("main", None, load_config(tmp_path / "deep" / "sigcheck.toml"))) == BROKEN


@pytest.mark.parametrize("content", [None, "{"])
def test_a_model_that_cannot_be_read_any_more_is_no_model_without_a_change(project, tmp_path, content):
    config = project()
    commit(tmp_path)
    path = tmp_path / "encoder.toml"
    path.unlink() if content is None else path.write_text(content)
    result = diff_projects("main", None, config)
    assert summary(result) == (2, ["encoder: error unreadable_model"], [])
    assert result.unread == ("encoder",)
    # The lock answers for it.
    git(tmp_path, "checkout", "-q", "--", ".")
    write(config)
    path.unlink()
    assert summary(diff_projects("main", None, config)) == (0, [], [])
