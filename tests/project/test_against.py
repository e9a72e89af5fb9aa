"""A breaking change cannot be agreed away in the same pull request: a lint against a Git revision."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

from sigcheck.config.load import load_config
from sigcheck.project.agree import agree
from sigcheck.project.baseline import accept
from sigcheck.project.lint import lint
from sigcheck.project.lock_file import Lock, LockedModel, write_lock
from sigcheck.project.read_models import read_models
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.errors import SourceError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature

from .conftest import CONFIG, MODELS

_IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
LINK = "encoder -> classifier"
WITH_FACTS = CONFIG.replace("[models.c", "outputs.embedding = { range = [0, 1] }\n[models.c").replace(
    "[[links]]", "inputs.embedding = { range = [0, 1] }\n[[links]]"
)


def commit(folder):
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


def lock(config):
    (config.folder / "sigcheck.lock").write_text(write_lock(agree(read_models(config, None), None)))


@pytest.fixture
def agreed(project, tmp_path):
    """Writes a project and commits it; with `locked` its lock too."""

    def run(config=CONFIG, *, locked=False, **models):
        found = project(config, **models)
        if locked:
            lock(found)
        commit(tmp_path)
        return found

    return run


def against(config, revision="main"):
    """The exit code, and what is told against the revision."""
    result = lint(config, verify="typed", against=revision)
    told = [
        f"{one.subject}: {one.finding.place}: {one.finding.level} {one.finding.rule}"
        for one in result.active
        if one.against == revision
    ]
    return result.exit_code, told


def test_a_project_against_itself_says_nothing(agreed):
    assert against(agreed()) == (0, [])
    assert against(agreed(locked=True)) == (0, [])


def test_without_a_revision_nothing_is_compared(agreed, project):
    agreed()
    result = lint(project(encoder='outputs.embedding = "float32[?, 12]"'), verify="typed")
    assert result.against is None
    assert all(one.against is None for one in result.findings)


def test_a_change_that_is_agreed_in_the_same_commit_breaks_still(agreed, project):
    agreed(locked=True)
    config = project(
        encoder='outputs.embedding = "float32[?, 12]"',
        classifier='inputs.embedding = "float32[?, 12]"\noutputs.classes = "float32[?, 3]"',
    )
    lock(config)
    assert lint(config, verify="typed").exit_code == 0
    assert against(config) == (
        1,
        [
            "encoder: embedding: error output_widened",
            "classifier: embedding: error input_narrowed",
        ],
    )


def test_what_only_a_graph_demands_of_sizes_breaks_its_links(agreed, tmp_path):
    locked = {}
    for number in (64, 16):
        signature = Signature(
            inputs=(Endpoint(name="x", spec=parse_spec("float32[?, ?]"), sizes=("batch", "t")),),
            constraints=(Constraint(holds=f"t <= {number}", tier="proved"),),
        )
        locked[number] = write_lock(Lock(models={"classifier": LockedModel.of("classifier.toml", "keras", signature)}))
    (tmp_path / "sigcheck.lock").write_text(locked[64])
    config = agreed(encoder='outputs.x = "float32[?, 32]"', classifier=None)
    (tmp_path / "sigcheck.lock").write_text(locked[16])
    told = ["classifier: x: error input_narrowed", f"{LINK}: {LINK}: error broken_link"]
    assert against(config) == (1, told)


def test_the_config_names_the_revision_and_the_command_line_another(agreed, project):
    agreed()
    config = project(f'against = "main"\n{CONFIG}', encoder='outputs.embedding = "float32[?, 12]"')
    assert lint(config, verify="typed").against == "main"
    commit(config.folder)
    assert against(config, "HEAD~0") == (lint(config, verify="typed").exit_code, [])


def test_a_config_cannot_run_anything_by_it(project, tmp_path):
    (tmp_path / "x").mkdir()
    for word in ("--upload-pack=touch ran", "-c core.pager=touch", "ext::sh -c touch", "HEAD:../x", "a b\nc"):
        config = project(f"against = {word!r}\n{CONFIG}".replace("'", '"').replace("\\\\n", "\\n"))
        with pytest.raises(SourceError):
            lint(config, verify="typed")
    assert not (tmp_path / "ran").exists()


def test_what_is_told_of_lock_and_revision_is_told_once(agreed, project):
    agreed(locked=True)
    config = project(encoder='outputs.embedding = "float64[?, 10]"')
    result = lint(config, verify="typed", against="main")
    assert [one.against for one in result.findings if one.finding.rule == "dtype_changed"] == ["main"]


def test_a_level_of_the_same_change_does_not_silence_it(agreed, project):
    agreed()
    config = project(f'{CONFIG}[rules]\ndtype_changed = "off"\n', encoder='outputs.embedding = "float64[?, 10]"')
    assert "encoder: embedding: error dtype_changed" in against(config)[1]


def test_a_level_that_was_agreed_counts(agreed, project):
    rules = '[rules]\ndtype_changed = "warning"\nmissing_adapter = "off"\n'
    agreed(f"{CONFIG}{rules}")
    config = project(f"{CONFIG}{rules}", encoder='outputs.embedding = "float64[?, 10]"')
    assert against(config) == (0, ["encoder: embedding: warning dtype_changed"])
    config = project(f'{CONFIG}[rules]\ndtype_changed = "error"\n', encoder='outputs.embedding = "float64[?, 10]"')
    assert "encoder: embedding: error dtype_changed" in against(config)[1]


def test_a_baseline_does_not_accept_it(agreed, project):
    agreed()
    config = project(encoder='outputs.embedding = "float64[?, 10]"')
    result = lint(config, verify="typed", against="main")
    kept = accept(result.findings)
    assert "dtype_changed" not in {entry.rule for entry in kept.entries.values()}
    assert kept.apply(result).exit_code == 1


def test_an_ignore_with_a_reason_lets_it_pass(agreed, project):
    agreed()
    models = {
        "encoder": 'outputs.embedding = "float32[?, 12]"',
        "classifier": 'inputs.embedding = "float32[?, 12]"\noutputs.classes = "float32[?, 3]"',
    }
    ignores = "".join(
        f'[[ignore]]\nrule = "{rule}"\nmodel = "{model}"\nreason = "both are ours"\n'
        for rule, model in (("output_widened", "encoder"), ("input_narrowed", "classifier"))
    )
    config = project(f"{CONFIG}{ignores}", **models)
    assert against(config) == (0, [])
    # A lint without the revision does not call it left over, and one that finds nothing does.
    assert [one.finding.rule for one in lint(config, verify="typed").active] == ["unchecked_range"]
    commit(config.folder)
    found = lint(config, verify="typed", against="HEAD").active
    assert [one.finding.rule for one in found].count("unmatched_ignore") == 2


def test_a_fact_of_the_config_that_is_gone(agreed, project):
    agreed(WITH_FACTS)
    assert against(project(CONFIG)) == (
        1,
        [
            "encoder: embedding: error fact_removed",
            "classifier: embedding: error fact_removed",
        ],
    )


def test_a_fact_that_is_declared_breaks_only_the_link_that_it_breaks(agreed, project):
    agreed()
    assert against(project(WITH_FACTS)) == (0, [])
    ids = '"int32[?, 10]"'
    models = {"encoder": f"outputs.embedding = {ids}", "classifier": f"inputs.embedding = {ids}"}
    agreed(**models)
    more = CONFIG.replace("[models.c", "outputs.embedding = { id_count = 100 }\n[models.c").replace(
        "[[links]]", "inputs.embedding = { id_count = 10 }\n[[links]]"
    )
    assert against(project(more, **models), "HEAD") == (1, [f"{LINK}: {LINK}: error broken_link"])


def test_a_link_that_is_gone(agreed, project):
    agreed()
    without = CONFIG.partition("[[links]]")[0]
    assert against(project(without)) == (1, [f"{LINK}: {LINK}: error link_removed"])
    ignore = f'[[ignore]]\nrule = "link_removed"\nlink = "{LINK}"\nreason = "the classifier has its own encoder"\n'
    assert against(project(f"{without}{ignore}")) == (0, [])


def test_a_link_of_another_name_is_the_same_link(agreed, project):
    agreed()
    assert against(project(f'{CONFIG}name = "first"\n')) == (0, [])


SPANS = {
    "encoder": 'outputs.start = "float32[?, 10]"\noutputs.end = "float32[?, 10]"',
    "classifier": 'inputs.first = "float32[?, 10]"\ninputs.last = "float32[?, 10]"',
}
REBOUND = [f"{LINK}: {LINK}: error rebound_link"]


def bound(**names):
    return f"{CONFIG}bind = {{ {', '.join(f'{name} = {to!r}' for name, to in names.items())} }}\n".replace("'", '"')


def test_a_bind_that_changed_is_no_agreed_one_though_it_passes(agreed, project):
    agreed(bound(start="first", end="last"), **SPANS)
    swapped = bound(start="last", end="first")
    assert lint(project(swapped, **SPANS), verify="typed").exit_code == 0
    assert against(project(swapped, **SPANS)) == (1, REBOUND)
    ignore = f'[[ignore]]\nrule = "rebound_link"\nlink = "{LINK}"\nreason = "they were swapped by mistake"\n'
    assert against(project(f"{swapped}{ignore}", **SPANS)) == (0, [])


def test_a_bind_that_says_what_was_bound_already_changes_nothing(agreed, project):
    agreed()
    assert against(project(bound(embedding="embedding"))) == (0, [])


def test_a_bind_to_the_new_name_of_an_output_is_told_by_its_model_alone(agreed, project):
    agreed(bound(start="first", end="last"), **SPANS)
    renamed = {**SPANS, "encoder": SPANS["encoder"].replace("start", "begin")}
    told = against(project(bound(begin="first", end="last"), **renamed))[1]
    assert told == ["encoder: start: error output_removed"]


def test_a_new_output_that_takes_the_place_of_another_is_told(agreed, project):
    """Nobody touched the config: names that are equal bind."""
    agreed(encoder='outputs.vector = "float32[?, 10]"')
    both = 'outputs.vector = "float32[?, 10]"\noutputs.embedding = "float32[?, 10]"'
    assert against(project(encoder=both)) == (1, REBOUND)


def test_a_constant_that_changed_is_told(agreed, project):
    models = {"classifier": f'{MODELS["classifier"]}\ninputs.threshold = "float32[]"'}
    agreed(f"{CONFIG}const = {{ threshold = 0.5 }}\n", **models)
    assert against(project(f"{CONFIG}const = {{ threshold = 0.1 }}\n", **models)) == (1, REBOUND)


def test_an_example_that_decides_otherwise_is_told_though_its_path_is_the_same(agreed, project, tmp_path):
    models = {"encoder": 'outputs.x = "float32[2, 3, 3]"', "classifier": 'inputs.x = "float32[3, 2, 3]"'}
    config = f'{CONFIG}example = "pair.npz"\nadapter = "adapter.py"\n'
    values = np.arange(18, dtype=np.float32).reshape(2, 3, 3)

    def save(perm):
        np.savez(tmp_path / "pair.npz", provided=values, required=values.transpose(perm))

    save((1, 0, 2))
    agreed(config, **models)
    assert f"{LINK}: {LINK}: error broken_link" not in against(project(config, **models))[1]
    save((2, 0, 1))
    assert against(project(config, **models))[1] == [f"{LINK}: {LINK}: error broken_link"]
    # As it was agreed, under another name.
    save((1, 0, 2))
    (tmp_path / "pair.npz").rename(tmp_path / "same.npz")
    assert against(project(config.replace("pair.npz", "same.npz"), **models))[1] == []


def test_an_example_that_is_gone_leaves_open_what_it_decided(agreed, project, tmp_path):
    models = {"encoder": 'outputs.x = "float32[2, 3, 3]"', "classifier": 'inputs.x = "float32[3, 2, 3]"'}
    values = np.arange(18, dtype=np.float32).reshape(2, 3, 3)
    np.savez(tmp_path / "pair.npz", provided=values, required=values.transpose(1, 0, 2))
    config = f'{CONFIG}example = "pair.npz"\n'
    agreed(config, **models)
    (tmp_path / "pair.npz").unlink()
    assert f"{LINK}: {LINK}: error broken_link" in against(project(config, **models))[1]
    assert f"{LINK}: {LINK}: error broken_link" in against(project(CONFIG, **models))[1]


def test_a_model_that_is_gone_takes_its_links_with_it(agreed, project):
    agreed()
    config = '[models.classifier]\nsource = "classifier.toml"\n'
    assert against(project(config)) == (1, ["encoder: encoder: error model_removed"])
    ignore = '[[ignore]]\nrule = "model_removed"\nmodel = "encoder"\nreason = "served no more"\n'
    assert against(project(f"{config}{ignore}")) == (0, [])


def test_a_change_does_not_pass_by_allowing_more(agreed, project):
    agreed(encoder='outputs.embedding = "int32[?, 10]"', classifier='inputs.embedding = "int32[?, 10]"')
    config = project(
        f'{CONFIG}policy = {{ loss = "truncating" }}\n',
        encoder='outputs.embedding = "float32[?, 10]"',
        classifier='inputs.embedding = "int32[?, 10]"',
    )
    assert lint(config, verify="typed").links[0].verdict == "adapts"
    assert against(config) == (
        1,
        ["encoder: embedding: error dtype_changed", f"{LINK}: {LINK}: error broken_link"],
    )


def test_a_model_without_outputs_breaks_its_links(agreed, project):
    agreed()
    told = against(project(encoder='inputs.x = "float32[?, 3]"'))[1]
    assert f"{LINK}: {LINK}: error broken_link" in told


def test_the_lock_of_the_revision_answers_for_a_model_that_is_not_in_the_repository(agreed, project, tmp_path):
    project()
    (tmp_path / ".gitignore").write_text("encoder.toml\n")
    config = agreed(locked=True)
    assert against(config) == (0, [])
    config = project(encoder='outputs.embedding = "float32[?, 12]"')
    assert "encoder: embedding: error output_widened" in against(config)[1]


def test_a_model_of_which_nothing_was_agreed_is_told(agreed, project, tmp_path):
    (tmp_path / ".gitignore").write_text("encoder.toml\n")
    config = agreed()
    assert against(config) == (0, ["encoder: encoder: warning not_compared"])


def test_a_project_that_is_new(project, tmp_path):
    (tmp_path / "readme").write_text("x")
    commit(tmp_path)
    assert against(project()) == (0, ["sigcheck.toml: sigcheck.toml: note not_compared"])


def test_a_config_that_was_moved_is_followed(agreed, project, tmp_path):
    agreed()
    (tmp_path / "deep").mkdir()
    for path in [*tmp_path.glob("*.toml")]:
        path.rename(tmp_path / "deep" / path.name)
    (tmp_path / "deep" / "encoder.toml").write_text('outputs.embedding = "float64[?, 10]"')
    config = load_config(tmp_path / "deep" / "sigcheck.toml")
    assert "encoder: embedding: error dtype_changed" in against(config)[1]


def test_a_config_that_is_called_otherwise_is_followed(agreed, project, tmp_path):
    agreed()
    text = (tmp_path / "sigcheck.toml").read_text()
    (tmp_path / "sigcheck.toml").unlink()
    for table in ("models", "links"):
        text = text.replace(f"[{table}", f"[tool.sigcheck.{table}")
    (tmp_path / "pyproject.toml").write_text(text.replace("[[", "[[").replace("[[links", "[[tool.sigcheck.links"))
    (tmp_path / "encoder.toml").write_text('outputs.embedding = "float64[?, 10]"')
    config = load_config(tmp_path / "pyproject.toml")
    assert "encoder: embedding: error dtype_changed" in against(config)[1]


def test_another_project_of_the_repository_is_not_this_one(agreed, project, tmp_path):
    agreed()
    other = tmp_path / "other"
    other.mkdir()
    (other / "m.toml").write_text('outputs.y = "float32[?]"')
    (other / "sigcheck.toml").write_text('[models.m]\nsource = "m.toml"\n')
    config = load_config(other / "sigcheck.toml")
    assert against(config) == (0, ["sigcheck.toml: sigcheck.toml: note not_compared"])


def test_a_config_that_was_broken_there_can_be_mended(agreed, project, tmp_path):
    (tmp_path / "sigcheck.toml").write_text("[models")
    commit(tmp_path)
    assert against(project()) == (0, ["sigcheck.toml: sigcheck.toml: warning not_compared"])


def test_no_repository_is_no_answer(project, tmp_path):
    with pytest.raises(SourceError, match="not a git repository"):
        lint(project(), verify="typed", against="main")
