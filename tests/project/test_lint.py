from __future__ import annotations

import pytest

from sigcheck.config.load import load_config
from sigcheck.project.agree import agree
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint
from sigcheck.project.lock_file import write_lock
from sigcheck.project.read_models import read_models
from sigcheck.schema.errors import SourceError
from sigcheck.schema.report import Verification

from .conftest import CONFIG, told

PROVED = Verification(level="executed", cases=1)
WIDER = 'inputs.embedding = "float32[?, 1, 10]"'


def lock(config):
    (config.folder / "sigcheck.lock").write_text(write_lock(agree(read_models(config, None), None)))


def test_what_fits_is_silent(linted):
    assert linted() == (0, [])


def test_what_needs_an_adapter_names_none(linted):
    assert linted(classifier=WIDER) == (
        1,
        [
            "5 encoder -> classifier: embedding: warning rank_mismatch",
            "5 encoder -> classifier: adapter: error missing_adapter",
        ],
    )


def test_other_names_need_no_adapter_file_unless_the_link_names_one(linted):
    renamed = 'inputs.features = "float32[?, 10]"'
    assert linted(classifier=renamed) == (0, [])
    code, found = linted(f'{CONFIG}adapter = "a.py"\n', classifier=renamed)
    assert (code, found) == (1, ["5 encoder -> classifier: adapter: error missing_adapter"])


def test_a_blocked_link_is_an_error(linted):
    code, found = linted(classifier='inputs.embedding = "string[?, 10]"')
    assert (code, found) == (1, ["5 encoder -> classifier: embedding: error dtype_mismatch"])


def test_a_model_that_is_not_there_could_not_be_checked(linted):
    code, found = linted(encoder=None)
    assert (code, found) == (2, ["1 encoder: encoder: error unreadable_model"])


def test_a_rule_that_is_off_makes_no_failed_check_a_clean_one(linted):
    code, found = linted(f'{CONFIG}[rules]\nunreadable_model = "off"\n', encoder=None)
    assert (code, found) == (2, [])


def test_a_bound_name_that_does_not_exist(linted):
    code, found = linted(f'{CONFIG}bind = {{ embeding = "embedding" }}\n')
    assert (code, found) == (2, ["5 encoder -> classifier: classifier: error unchecked_link"])


def test_a_fact_of_a_name_that_does_not_exist(linted):
    code, found = linted(CONFIG.replace("[models.c", "outputs.x = { range = [0, 1] }\n[models.c"))
    assert (code, found) == (2, ["1 encoder: encoder: error unreadable_model"])


def test_facts_of_the_config_are_compared(linted):
    config = CONFIG.replace("[models.c", "outputs.embedding = { range = [0, 1] }\n[models.c")
    assert linted(config)[1] == []
    config = config.replace("[[links]]", "inputs.embedding = { range = [0, 255] }\n[[links]]")
    assert "7 encoder -> classifier: embedding: warning value_range_mismatch" in linted(config)[1]


def test_what_was_not_compared_is_found(project):
    result = lint(project(), verify="typed")
    (note,) = result.active
    assert (note.finding.rule, note.finding.level, note.finding.place) == ("unchecked_range", "note", "embedding")
    assert note.finding.message == "the value range is not declared"
    assert note.finding.help == "declare range of embedding at encoder and of embedding at classifier, in the config"


def test_whole_numbers_in_a_float_input_are_a_warning_even_where_the_adapter_is_committed(project):
    config = project(f'{CONFIG}adapter = "a.py"\n', encoder='outputs.embedding = "uint8[?, 10]"')
    (config.folder / "a.py").write_text(lint(config, verify="typed").links[0].check.adapter.source)
    result = lint(config, verify="typed")
    assert result.links[0].adapter_state == "current"
    assert "5 encoder -> classifier: embedding: note dtype_mismatch" in told(result)[1]
    assert "5 encoder -> classifier: embedding: warning unchecked_range" in told(result)[1]


@pytest.mark.parametrize("rule", ["unchecked_range", "unchecked_fact"])
def test_a_config_lets_nothing_pass_that_was_not_compared(linted, rule):
    facts = "outputs.embedding = { axes = ['batch', 'feature'] }\n"
    config = CONFIG.replace("[models.c", f"{facts}[models.c") + f'[rules]\n{rule} = "error"\n'
    code, found = linted(config)
    assert code == 1
    assert f"6 encoder -> classifier: embedding: error {rule}" in found


def test_levels_can_be_changed(linted):
    config = f'{CONFIG}[rules]\nrank_mismatch = "error"\nmissing_adapter = "off"\n'
    assert linted(config, classifier=WIDER) == (1, ["5 encoder -> classifier: embedding: error rank_mismatch"])


def test_one_place_can_be_ignored_with_a_reason(project):
    ignore = '[[ignore]]\nrule = "rank_mismatch"\nlink = "encoder -> classifier"\nplace = "embedding"\nreason = "r"\n'
    result = lint(project(f"{CONFIG}{ignore}", classifier=WIDER), verify="typed")
    assert told(result)[1] == ["5 encoder -> classifier: adapter: error missing_adapter"]
    (ignored,) = [one for one in result.findings if one.suppression]
    assert (ignored.finding.rule, ignored.suppression.reason) == ("rank_mismatch", "r")


def test_an_ignore_that_matches_nothing_is_told_at_its_line(linted):
    ignore = '[[ignore]]\nrule = "rank_mismatch"\nlink = "encoder -> classifier"\nplace = "other"\nreason = "r"\n'
    assert linted(f"{CONFIG}{ignore}")[1] == [
        "8 encoder -> classifier: encoder -> classifier: warning unmatched_ignore"
    ]


def test_an_ignore_of_what_could_not_be_checked_may_match_again(linted):
    ignore = '[[ignore]]\nrule = "unused_output"\nmodel = "encoder"\nreason = "r"\n'
    assert linted(f"{CONFIG}{ignore}", encoder=None)[1] == ["1 encoder: encoder: error unreadable_model"]


def test_an_undecided_link_whose_errors_are_ignored_is_accepted(linted):
    models = {
        "encoder": 'outputs.p = "float32[?, 3]"\noutputs.q = "float32[?, 3]"',
        "classifier": 'inputs.a = "float32[?, 3]"\ninputs.b = "float32[?, 3]"',
    }
    assert linted(**models)[0] == 2
    ignore = (
        '[[ignore]]\nrule = "ambiguous_binding"\nlink = "encoder -> classifier"\nreason = "both orders are right"\n'
    )
    assert linted(f"{CONFIG}{ignore}", **models) == (0, [])


def test_the_lock_answers_for_a_model_that_is_elsewhere(project, tmp_path):
    config = project()
    lock(config)
    (tmp_path / "encoder.toml").unlink()
    result = lint(config, verify="typed")
    assert told(result) == (0, [])
    assert [(one.name, one.origin, one.lock) for one in result.models] == [
        ("encoder", "lock", "not_compared"),
        ("classifier", "source", "agrees"),
    ]


def test_a_pointer_of_git_lfs_is_a_model_that_is_elsewhere(project, tmp_path):
    config = project()
    lock(config)
    (tmp_path / "encoder.toml").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    assert lint(config, verify="typed").models[0].origin == "lock"


def test_a_change_that_breaks_is_told_against_the_lock(project, tmp_path):
    config = project()
    lock(config)
    (tmp_path / "classifier.toml").write_text(WIDER)
    code, found = told(lint(config, verify="typed"))
    assert code == 1
    assert found[:2] == [
        "3 classifier: embedding: error input_narrowed",
        "3 classifier: classes: error output_removed",
    ]


def test_a_change_that_breaks_nobody_makes_the_lock_stale(project, tmp_path):
    config = project()
    lock(config)
    (tmp_path / "encoder.toml").write_text('outputs.embedding = "float32[8, 10]"')
    assert told(lint(config, verify="typed")) == (0, ["1 encoder: encoder: warning stale_lock"])


def test_a_broken_lock_is_an_error_that_says_what_to_do(project, tmp_path):
    config = project()
    (tmp_path / "sigcheck.lock").write_text("<<<<<<< HEAD\n")
    with pytest.raises(SourceError, match="Resolve it if it is a merge conflict"):
        lint(config, verify="typed")


def test_adapter_files_from_missing_to_edited(project, tmp_path):
    config = project(f'{CONFIG}adapter = "adapters/a.py"\n', classifier=WIDER)
    path = tmp_path / "adapters" / "a.py"

    def state():
        (link,) = lint(config, verify="typed").links
        return link.adapter_state

    assert state() == "missing"
    path.parent.mkdir()
    source = lint(config, verify="typed").links[0].check.adapter.source
    path.write_text(source)
    assert state() == "current"
    path.write_text(source.replace("tf.expand_dims", "tf.identity"))
    assert state() == "edited"
    path.write_text(source.replace("float32[?, 1, 10]", "float32[?, 1, 9]"))
    assert state() == "stale"
    (tmp_path / "classifier.toml").write_text('inputs.embedding = "float32[?, 10]"')
    assert told(lint(config, verify="typed")) == (1, ["5 encoder -> classifier: adapter: error stale_adapter"])


def test_what_a_committed_adapter_cures_is_only_noted(project, tmp_path):
    config = project(f'{CONFIG}adapter = "a.py"\n', classifier=WIDER)
    source = lint(config, verify="typed").links[0].check.adapter.source
    (tmp_path / "a.py").write_text(source.replace("verified: typed", "verified: executed, 9 cases"))
    assert told(lint(config, verify="typed")) == (0, ["5 encoder -> classifier: embedding: note rank_mismatch"])


def test_fingerprints_stay_when_lines_move_and_differ_between_findings(project):
    def prints(config):
        return [one.fingerprint for one in lint(project(config, classifier=WIDER), verify="typed").findings]

    first = prints(CONFIG)
    assert len(set(first)) == len(first) == 3
    assert prints(f"# moved\n\n{CONFIG}") == first


def test_the_config_above_may_lie_elsewhere(project, tmp_path, monkeypatch):
    project()
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert told(lint(load_config(tmp_path / "sigcheck.toml"), verify="typed")) == (0, [])


@pytest.mark.parametrize("verify", ["typed", "executed"])
def test_however_many_links_are_held_at_once_the_answer_is_the_same(sample, monkeypatch, verify):
    # No proof is run: what is looked at is the order of planning and proving.
    monkeypatch.setattr(
        "sigcheck.project.prove_links.verify", lambda jobs, level, timeout, watcher: [PROVED] * len(jobs)
    )
    config = load_config(sample / "sigcheck.toml")
    whole = lint(config, verify=verify, cache=Cache(None))
    monkeypatch.setattr("sigcheck.project.check_links._LINKS_AT_ONCE", 1)
    assert lint(config, verify=verify, cache=Cache(None)) == whole
    assert len(whole.links) > 2
