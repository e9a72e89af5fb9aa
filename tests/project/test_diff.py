from __future__ import annotations

import subprocess

import pytest

from sigcheck import api
from sigcheck.project import read_once
from sigcheck.project.agree import agree
from sigcheck.project.diff import diff, diff_models
from sigcheck.project.lock_file import write_lock
from sigcheck.project.read_models import read_models
from sigcheck.schema.errors import SigcheckError, SourceError, UsageError

from .conftest import CONFIG


def git(folder, *arguments):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def summary(result):
    return (
        result.exit_code,
        [f"{one.place}: {one.level} {one.rule}" for one in result.findings],
        [(one.link, one.effect, one.before, one.after.verdict) for one in result.links],
    )


@pytest.fixture
def newer(tmp_path):
    """Writes a signature file beside the models, and gives its name."""

    def write(text, name="new.toml"):
        (tmp_path / name).write_text(text)
        return name

    return write


def test_a_model_against_itself_says_nothing(project):
    config = project()
    assert summary(diff("encoder.toml", "encoder.toml", config)) == (
        0,
        [],
        [("encoder -> classifier", "safe", "fits", "fits")],
    )


@pytest.mark.parametrize(
    ("text", "found", "effect"),
    [
        ('outputs.embedding = "float32[8, 10]"', ["embedding: note compatible_change"], "safe"),
        ('outputs.embedding = "float32[?, 1, 10]"', ["embedding: error output_widened"], "adapter"),
        ('outputs.embedding = "float64[?, 10]"', ["embedding: error dtype_changed"], "adapter"),
        ('outputs.embedding = "string[?, 10]"', ["embedding: error dtype_changed"], "broken"),
        ('outputs.other = "string[?]"', ["embedding: error output_removed", "other: note compatible_change"], "broken"),
    ],
)
def test_the_links_that_a_change_reaches(project, newer, text, found, effect):
    _, findings, links = summary(diff("encoder", newer(text), project()))
    assert findings == found
    assert [(link, what) for link, what, *_ in links] == [("encoder -> classifier", effect)]


def test_a_link_that_failed_before_is_not_blamed(project, newer):
    config = project(classifier='inputs.embedding = "string[?]"')
    result = diff("encoder", newer('outputs.embedding = "float64[?, 10]"'), config)
    assert [one.effect for one in result.links] == ["failing"]


def test_a_bound_output_that_is_gone_breaks_its_link(project, newer):
    config = project(f'{CONFIG}bind = {{ embedding = "embedding" }}\n')
    assert [one.effect for one in diff("encoder", newer('outputs.x = "string[?]"'), config).links] == ["broken"]


def test_declared_facts_of_names_that_are_gone_do_not_matter(project, newer):
    config = project(CONFIG.replace("[models.c", "outputs.embedding = { range = [0, 1] }\n[models.c"))
    assert diff("encoder", newer('outputs.x = "float32[?, 10]"'), config).exit_code == 1


def test_without_a_config_two_files_are_compared(project, newer):
    project()
    result = diff("encoder.toml", newer('outputs.embedding = "float32[?, 12]"'))
    assert summary(result) == (1, ["embedding: error output_widened"], [])


def test_signatures_are_compared_by_key(project, newer):
    project()
    old = '[[signatures]]\nkey = "a"\noutputs.y = "int32[]"\n[[signatures]]\nkey = "b"\noutputs.y = "int32[]"\n'
    new = '[[signatures]]\nkey = "b"\noutputs.y = "int64[]"\n[[signatures]]\nkey = "c"\noutputs.y = "int32[]"\n'
    first, second = newer(old, "old.toml"), newer(new)
    assert summary(diff(first, second))[1] == ["a: error signature_removed", "b.y: error dtype_changed"]
    assert summary(diff(f"{first}#a", f"{second}#c"))[1] == []
    assert diff_models(api.read(first), api.read(second)).exit_code == 1


def test_the_lock_stands_for_the_other_sides_model(project, tmp_path):
    config = project()
    (tmp_path / "sigcheck.lock").write_text(write_lock(agree(read_models(config, None), None)))
    (tmp_path / "encoder.toml").write_text('outputs.embedding = "float32[?, 12]"')
    for new in ("encoder", "encoder.toml"):
        assert summary(diff("lock", new, config))[1] == ["embedding: error output_widened"]
    assert diff("encoder", "lock", config).new.source == "sigcheck.lock:encoder"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lock", "lock", "the lock against itself"),
        ("lock", "encoder", r"no entry for 'encoder'. Run `sigcheck lock` first"),
        ("lock", "other.toml", "no model of the config has this source"),
        ("gone", "encoder", "gone: no such file or folder"),
    ],
)
def test_what_cannot_be_compared(project, newer, old, new, said):
    newer('outputs.y = "int32[]"', "other.toml")
    with pytest.raises(SigcheckError, match=said):
        diff(old, new, project())


def test_the_lock_needs_a_config(project):
    project()
    with pytest.raises(UsageError, match="no config"):
        diff("lock", "encoder.toml")


def test_a_git_revision_of_a_path(project, tmp_path, sample, monkeypatch):
    git(sample, "init", "-q", "-b", "main")
    git(sample, "add", "-A")
    git(sample, "commit", "-q", "-m", "first")
    (sample / "models" / "backbone.keras").write_bytes((sample / "change/models/backbone.keras").read_bytes())
    result = diff("main:models/backbone.keras", "models/backbone.keras")
    assert (result.old.source, result.exit_code) == ("main:models/backbone.keras", 1)
    assert diff("main:models/resizer", "models/resizer#serving_default").exit_code == 0
    monkeypatch.chdir(sample / "models")
    assert diff("HEAD:./resizer", "resizer").exit_code == 0
    assert diff("HEAD:../models/backbone.keras", "backbone.keras").exit_code == 1
    for text, said in (
        ("nowhere:models/resizer", "expected a Git revision"),
        ("HEAD:models/gone", "models/gone: no such file or folder"),
        ("--output=x:models", "an option, expected a Git revision"),
        ("HEAD:models/resizer/variables", "not a model"),
    ):
        with pytest.raises(SourceError, match=said):
            diff(text, "resizer")


def test_a_revision_outside_a_repository(project, tmp_path, monkeypatch):
    project()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SourceError, match="not a git repository"):
        diff("HEAD:encoder.toml", "encoder.toml")


def test_a_revision_without_git(project, monkeypatch):
    project()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="Git is not installed"):
        diff("HEAD:encoder.toml", "encoder.toml")


FACTS = CONFIG.replace("[[links]]", "inputs.embedding = { range = [0, 1] }\n[[links]]")


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        # Gone: what was scaled is passed on as it is. New: it needs to be scaled. The same: nothing.
        ("[0, 255]", None, "safe"),
        (None, "[0, 255]", "adapter"),
        ("[0, 255]", "[0, 255]", "safe"),
        ("[0, 1]", "[0, 255]", "adapter"),
        ("[0, 1]", None, "safe"),
    ],
)
def test_a_fact_that_comes_or_goes_is_what_it_does_to_the_links(project, newer, old, new, effect):
    def version(value, name):
        facts = "" if value is None else f", facts = {{ range = {value} }}"
        return newer(f'outputs.embedding = {{ spec = "float32[?, 10]"{facts} }}', name)

    result = diff(version(old, "encoder.toml"), version(new, "new.toml"), project(FACTS, encoder=None))
    assert [one.effect for one in result.links] == [effect]
    assert result.exit_code == (0 if old == new else 1)


def test_a_new_count_of_ids_that_breaks_a_link_is_an_error(project, newer):
    config = project(
        CONFIG,
        encoder='outputs.embedding = { spec = "int32[?, 10]", facts = { id_count = 100 } }',
        classifier='inputs.embedding = "int32[?, 10]"',
    )
    new = newer('inputs.embedding = { spec = "int32[?, 10]", facts = { id_count = 10 } }')
    assert summary(diff("classifier", new, config)) == (
        1,
        ["embedding: warning fact_added", "encoder -> classifier: error broken_link"],
        [("encoder -> classifier", "broken", "fits", "blocked")],
    )


def test_a_link_that_takes_other_steps_is_an_error_and_one_that_is_called_otherwise_is_none(project, newer):
    config = project(classifier='inputs.features = "float32[?, 1, 10]"')
    result = diff("encoder.toml", newer('outputs.keras_tensor_9 = "float32[?, 10]"'), config)
    assert [(one.effect, one.is_rewritten) for one in result.links] == [("adapter", False)]


def test_only_the_models_that_it_is_linked_with_are_read(project, newer, monkeypatch):
    more = "".join(f'[models.m{at}]\nsource = "encoder.toml"\n' for at in range(20))
    config = project(more + CONFIG)
    (config.folder / "sigcheck.lock").write_text("[")
    opened = []
    for place in (api, read_once):
        read = place.read
        monkeypatch.setattr(
            place, "read", lambda source, read=read, **more: opened.append(source) or read(source, **more)
        )
    result = diff("encoder", newer('outputs.embedding = "float32[8, 10]"'), config)
    # The encoder and what it feeds; a lock that nobody has to ask is not read.
    assert [one.effect for one in result.links] == ["safe"]
    assert len(opened) == 2
