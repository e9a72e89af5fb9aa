"""lint, lock, diff, init and adapt --all on the sample project and on small ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from sigcheck.schema.errors import UsageError
from tests import two_models

from .conftest import FIXTURES

MODELS = {"encoder": 'outputs.y = "float32[?, 10]"', "classifier": 'inputs.x = "float32[?, 1, 10]"'}
CONFIG = f'{two_models.CONFIG}adapter = "adapters/a.py"\n'


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """A copy of the sample project, as the working folder, with a cache of its own."""
    shutil.copytree(FIXTURES / "project", tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "project"


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A project of two models and a link that needs an adapter, as the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, text in MODELS.items():
        (tmp_path / f"{name}.toml").write_text(text)
    (tmp_path / "sigcheck.toml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def fresh_in(tmp_path):
    """Runs Python with these arguments in a process of its own, in a folder."""

    def call(folder, *arguments):
        environment = {**os.environ, "PYTHONPATH": str(FIXTURES.parent), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        command = [sys.executable, *arguments]
        return subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)

    return call


def test_the_faults_of_the_sample(sample, sigcheck):
    code, out, err = sigcheck("lint", "--verify", "typed", "--quiet", "--format", "json")
    result = json.loads(out)
    errors = [
        (one["subject"], one["finding"]["rule"]) for one in result["findings"] if one["finding"]["level"] == "error"
    ]
    assert (code, err, result["exit_code"]) == (2, "", 2)
    assert errors == [
        ("resizer -> backbone", "stale_adapter"),
        ("calibrator -> dashboard", "edited_adapter"),
        ("tokenizer -> text_encoder", "invented_values"),
        ("text_encoder -> ranker", "ambiguous_binding"),
        ("text_encoder -> ranker", "ambiguous_binding"),
    ]


def test_a_quiet_lint_tells_errors_only(small, sigcheck):
    code, out, _ = sigcheck("lint", "--verify", "typed", "-q")
    assert code == 1
    assert out.startswith("sigcheck.toml:5: encoder -> classifier: adapter: error[missing_adapter]:")
    assert "warning" not in out


def test_a_verbose_lint_tells_links_and_what_is_ignored(small, sigcheck):
    ignore = '[[ignore]]\nrule = "rank_mismatch"\nlink = "encoder -> classifier"\nreason = "known"\n'
    (small / "sigcheck.toml").write_text(f"{CONFIG}{ignore}")
    _, out, _ = sigcheck("lint", "--verify", "typed", "-v")
    assert "encoder -> classifier  adapts   missing" in out
    assert "rank_mismatch: ignore: known" in out.replace("\n    ", " ")


def test_reports_go_to_files_too(small, sigcheck):
    code, _, _ = sigcheck("lint", "--verify", "typed", "--output", "json=a.json", "--output", "junit=b.xml")
    assert code == 1
    assert json.loads((small / "a.json").read_text())["exit_code"] == 1
    assert "missing_adapter" in (small / "b.xml").read_text()


def test_a_baseline_is_accepted_once_and_shrinks(small, sigcheck):
    code, out, err = sigcheck("lint", "--verify", "typed", "--baseline", "b.json")
    assert (code, out) == (2, "")
    assert "b.json: no such file" in err
    code, _, err = sigcheck("lint", "--verify", "typed", "--baseline", "b.json", "--accept")
    assert (code, err) == (0, "sigcheck: b.json: 2 accepted\n")
    assert sigcheck("lint", "--verify", "typed", "--baseline", "b.json")[0] == 0
    code, _, err = sigcheck("lint", "--verify", "typed", "--baseline", "b.json", "--accept")
    assert code == 2
    assert "a baseline only shrinks" in err
    (small / "classifier.toml").write_text('inputs.y = "float32[?, 10]"')
    _, _, err = sigcheck("lint", "--verify", "typed", "--baseline", "b.json")
    assert err == "sigcheck: b.json: 2 not found any more, and deleted\n"
    (small / "classifier.toml").write_text(MODELS["classifier"])
    assert sigcheck("lint", "--verify", "typed", "--baseline", "b.json")[0] == 1


def test_a_baseline_does_not_shrink_where_something_was_not_checked(small, sigcheck):
    sigcheck("lint", "--verify", "typed", "--baseline", "b.json", "--accept")
    before = (small / "b.json").read_text()
    (small / "encoder.toml").unlink()
    assert sigcheck("lint", "--verify", "typed", "--baseline", "b.json")[0] == 2
    assert (small / "b.json").read_text() == before


def test_accept_needs_a_file(small, sigcheck):
    assert sigcheck("lint", "--accept")[0] == 2


@pytest.mark.parametrize("command", ["lint", "lock", "adapt --all", "diff lock encoder"])
def test_without_a_config(tmp_path, monkeypatch, sigcheck, command):
    monkeypatch.chdir(tmp_path)
    code, out, err = sigcheck(*command.split())
    assert (code, out) == (2, "")
    assert "no config here or above" in err
    assert "sigcheck init" in err


def test_a_config_in_a_folder_below_is_named(tmp_path, monkeypatch, sigcheck):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    models = tmp_path / "my models"
    models.mkdir()
    (models / "a.toml").write_text('outputs.x = "float32[?, 3]"')
    code, _, err = sigcheck("init", "my models")
    assert code == 0
    assert err.endswith("; look at it, then run `sigcheck lint --config 'my models/sigcheck.toml'`\n")
    assert "There is my models/sigcheck.toml: name it, or write one with `sigcheck init`." in sigcheck("lint")[2]


def test_a_config_that_is_wrong_is_one_line(small, sigcheck):
    (small / "sigcheck.toml").write_text(CONFIG.replace("adapter", "adpter"))
    code, out, err = sigcheck("lint")
    assert (code, out) == (2, "")
    assert err == "sigcheck: sigcheck.toml:8: links[0].adpter: no such field; did you mean 'adapter'?\n"


def test_a_config_elsewhere_is_named_as_it_lies(small, sigcheck, monkeypatch):
    (small / "deep").mkdir()
    monkeypatch.chdir(small / "deep")
    assert json.loads(sigcheck("lint", "--verify", "typed", "--format", "json")[1])["config"] == "../sigcheck.toml"
    assert sigcheck("lint", "--verify", "typed", "--config", "../sigcheck.toml")[0] == 1
    assert sigcheck("lint", "--config", "gone.toml")[0] == 2


def test_models_without_links_do_not_look_like_links_that_fit(small, sigcheck):
    (small / "sigcheck.toml").write_text(CONFIG.partition("[[links]]")[0])
    told = (
        "2 models; no links, so that nothing was compared: write them down as [[links]]\n"
        "  with from and to\nfound: nothing\n"
    )
    assert sigcheck("lint")[:2] == (0, told)


def test_a_lock_is_written_checked_and_kept(small, sigcheck):
    code, _, err = sigcheck("lock", "--check")
    cure = "Write it with `sigcheck lock` and commit it."
    assert (code, err) == (1, f"sigcheck: sigcheck.lock: there is no lock. {cure}\n")
    assert not (small / "sigcheck.lock").exists()
    assert sigcheck("lock")[0] == 0
    assert sigcheck("lock", "--check") == (0, "", "sigcheck: sigcheck.lock: up to date\n")
    (small / "encoder.toml").write_text('outputs.y = "float32[?, 12]"')
    code, out, err = sigcheck("lock", "--check")
    assert (code, err) == (1, f"sigcheck: sigcheck.lock: 1 changed. {cure}\n")
    assert out.startswith("encoder: y: error[output_widened]: gives [?, 12], and gave [?, 10]\n")
    assert sigcheck("lock", "-q") == (0, "", "")
    assert sigcheck("lock", "-q", "--check") == (0, "", "")


def test_only_what_is_written_otherwise_counts_as_changed(sample, sigcheck):
    # Entries with facts that graphs prove are as they were, whatever is known of why.
    sigcheck("lock", "-q")
    assert "proved" in (sample / "sigcheck.lock").read_text()
    dashboard = sample / "models" / "dashboard.toml"
    dashboard.write_text(dashboard.read_text().replace("float64[?", "float32[?"))
    code, out, err = sigcheck("lock")
    assert (code, err) == (0, "sigcheck: sigcheck.lock: 1 changed\n")
    assert "dtype_changed" in out


def test_a_diff_says_that_an_adapter_has_to_be_written_again(small, sigcheck):
    sigcheck("lock", "-q")
    for spec, after in (("float32[?, 1, 10]", "fits  "), ("float64[?, 10]", "adapts ")):
        (small / "encoder.toml").write_text(f'outputs.y = "{spec}"')
        assert f"adapts  {after} its adapter has to be written again" in sigcheck("diff", "lock", "encoder.toml")[1]


def test_a_model_that_cannot_be_read_leaves_the_lock_as_it_is(small, sigcheck):
    sigcheck("lock")
    before = (small / "sigcheck.lock").read_bytes()
    (small / "encoder.toml").write_text("outputs = 1")
    assert sigcheck("lock")[0] == 2
    assert (small / "sigcheck.lock").read_bytes() == before


def test_all_adapters_are_written_once(small, sigcheck):
    code, out, err = sigcheck("adapt", "--all", "--verify", "typed")
    assert (code, out, err) == (0, "encoder -> classifier: wrote adapters/a.py\n", "")
    before = {path.name: path.read_bytes() for path in (small / "adapters").iterdir()}
    assert before.keys() == {"a.py", "a.certificate.json"}
    assert sigcheck("adapt", "--all", "--verify", "typed") == (0, "", "")
    assert {path.name: path.read_bytes() for path in (small / "adapters").iterdir()} == before


def test_the_certificate_of_a_link_plans_as_its_config_says(small, sigcheck):
    config = small / "sigcheck.toml"
    text = config.read_text().replace(
        'source = "encoder.toml"', 'source = "encoder.toml"\noutputs.y = { range = [0, 9] }'
    )
    config.write_text(text)
    sigcheck("adapt", "--all", "--verify", "typed")
    certificate = json.loads((small / "adapters" / "a.certificate.json").read_text())
    assert certificate["facts"]["producer"] == {"y": {"range": [0.0, 9.0]}}
    assert (certificate["producers"][0]["source"], certificate["level"]) == ("../encoder.toml", "typed")
    code, out, _ = sigcheck("verify", "adapters/a.py")
    assert (code, "its certificate holds" in out) == (0, True)


def test_what_only_the_lock_knows_has_no_certificate(small, sigcheck):
    sigcheck("adapt", "--all", "--verify", "typed")
    sigcheck("lock")
    (small / "encoder.toml").unlink()
    (small / "adapters" / "a.py").unlink()
    assert sigcheck("adapt", "--all", "--verify", "typed")[0] == 0
    assert [path.name for path in (small / "adapters").iterdir()] == ["a.py"]


def test_an_adapter_that_somebody_wrote_is_kept_unless_forced(small, sigcheck):
    (small / "adapters").mkdir()
    (small / "adapters" / "a.py").write_text("def adapt(outputs): ...\n")
    kept = "sigcheck: encoder -> classifier: adapters/a.py was edited by hand, and is kept; --force replaces it\n"
    assert sigcheck("adapt", "--all", "--verify", "typed") == (0, "", kept)
    code, out, _ = sigcheck("adapt", "--all", "--verify", "typed", "--force")
    assert (code, out) == (0, "encoder -> classifier: wrote adapters/a.py\n")


def test_no_adapter_is_written_for_a_link_that_fails(small, sigcheck):
    (small / "classifier.toml").write_text('inputs.x = "string[?]"')
    code, out, err = sigcheck("adapt", "--all", "--verify", "typed")
    assert (code, out) == (1, "")
    assert "see `sigcheck lint`" in err
    assert not (small / "adapters").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("adapt", "--all", "encoder.toml"),
        ("adapt", "--all", "--loss", "exact"),
        ("adapt", "--config", "sigcheck.toml", "encoder.toml", "classifier.toml"),
        ("adapt", "encoder.toml"),
    ],
)
def test_adapt_takes_a_pair_or_all(small, sigcheck, arguments):
    code, out, err = sigcheck(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("sigcheck: ")


def test_the_change_of_the_sample_breaks_one_link(sample, sigcheck):
    code, out, _ = sigcheck("diff", "lock", "change/models/backbone.keras")
    assert code == 2
    code, out, _ = sigcheck("diff", "backbone", "change/models/backbone.keras", "--format", "json")
    result = json.loads(out)
    assert (code, [one["rule"] for one in result["findings"]]) == (1, ["output_widened"])
    assert {one["link"]: one["effect"] for one in result["links"]} == {
        "resizer -> backbone": "safe",
        "backbone -> tagger": "broken",
    }
    code, out, _ = sigcheck("diff", "backbone", "change/models/backbone.keras")
    assert code == 1
    assert "backbone -> tagger   fits    blocked  broken" in out


def test_init_writes_a_config_and_changes_none(sample, sigcheck):
    code, out, err = sigcheck("init")
    assert (code, out) == (2, "")
    assert "init changes none" in err
    (sample / "sigcheck.toml").unlink()
    (sample / "sigcheck.lock").unlink()
    code, out, err = sigcheck("init")
    assert (code, out) == (0, "")
    assert err.startswith("sigcheck: wrote sigcheck.toml")
    assert sigcheck("lint", "--verify", "typed", "-q")[0] == 0
    assert sigcheck("init", "gone")[0] == 2


def test_a_lint_loads_neither_tensorflow_nor_what_it_does_not_need(small, fresh_in):
    done = fresh_in(small, "-X", "importtime", "-m", "sigcheck", "lint", "--verify", "typed", "-q")
    again = fresh_in(small, "-X", "importtime", "-m", "sigcheck", "lint", "--verify", "typed", "-q")
    assert (done.returncode, again.returncode) == (1, 1)
    for name in ("tensorflow", "keras", "h5py", "rich", "networkx"):
        assert f"| {name}" not in done.stderr.replace("|   ", "| ")
    # What was planned is in the cache: nothing is searched again.
    assert "sigcheck.planning.growth" in done.stderr
    assert "sigcheck.planning.growth" not in again.stderr


def test_rules_are_chosen_for_this_once(small, sigcheck):
    code, out, err = sigcheck("lint", "--verify", "typed", "--select", "stale_lock,rank_mismatch")
    assert code == 0
    assert "rank_mismatch" in out
    assert "missing_adapter" not in out
    assert "found by other rules and left out" in err
    assert sigcheck("lint", "--verify", "typed", "--ignore", "rank_mismatch")[0] == 1
    code, out, err = sigcheck("lint", "--select", "rank_mismatsh")
    assert (code, out) == (2, "")
    assert err == "sigcheck: --select: no rule 'rank_mismatsh'. Did you mean 'rank_mismatch'?\n"
    code, _, err = sigcheck("lint", "--baseline", "b.json", "--accept", "--ignore", "rank_mismatch")
    assert code == 2
    assert "Leave them out." in err


def test_a_baseline_keeps_what_this_time_was_not_chosen(small, sigcheck):
    sigcheck("lint", "--verify", "typed", "--baseline", "b.json", "--accept")
    before = (small / "b.json").read_text()
    assert sigcheck("lint", "--verify", "typed", "--baseline", "b.json", "--select", "stale_lock")[0] == 0
    assert (small / "b.json").read_text() == before


def test_statistics_are_counts_and_text(small, sigcheck):
    code, out, _ = sigcheck("lint", "--verify", "typed", "--statistics")
    assert code == 1
    assert out.splitlines()[0].startswith("found  rule")
    assert "missing_adapter" in out
    assert "error[" not in out
    code, out, err = sigcheck("lint", "--statistics", "--format", "json")
    assert (code, out) == (2, "")
    assert "--statistics: beside --format json, expected text." in err


def test_each_thing_wrong_with_a_config_is_a_line(small, sigcheck):
    (small / "sigcheck.toml").write_text(CONFIG.replace("adapter", "adpter").replace("source", "sorce", 1))
    code, out, err = sigcheck("lint")
    assert (code, out) == (2, "")
    assert [line.split(": ")[1] for line in err.splitlines()] == ["sigcheck.toml:2", "sigcheck.toml:8"]


def test_init_writes_the_schema_that_its_first_line_names_and_changes_none(small, sigcheck):
    from sigcheck.config.editor_schema import write_editor_schema

    (small / "sigcheck.toml").unlink()
    assert sigcheck("init")[0] == 0
    name = (small / "sigcheck.toml").read_text().splitlines()[0].removeprefix("#:schema ./")
    assert (small / name).read_text() == write_editor_schema()
    (small / "sigcheck.toml").unlink()
    (small / name).write_text("{}")
    assert sigcheck("init")[0] == 0
    assert (small / name).read_text() == "{}"


@pytest.mark.parametrize("command", [("lock",), ("lint", "--verify", "typed", "--baseline", "base.json", "--accept")])
def test_what_could_not_be_written_is_not_told_to_be(small, sigcheck, monkeypatch, command):
    def refuse(path, text):
        raise UsageError(str(path), "cannot be written: No space left on device. Name another file.")

    for module in ("lock", "lint"):
        monkeypatch.setattr(f"sigcheck.cli.{module}.write_whole", refuse)
    code, _, err = sigcheck(*command)
    assert code == 2
    assert len(err.splitlines()) == 1
