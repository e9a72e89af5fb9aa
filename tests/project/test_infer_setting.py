"""`infer = false` at a model: its graph is left alone wherever the config is used."""

from __future__ import annotations

import pytest

from sigcheck.cli import run
from sigcheck.config.load import load_config
from sigcheck.project.agree import agree
from sigcheck.project.diff import diff
from sigcheck.project.lint import lint
from sigcheck.project.lock_file import FILE, Lock, write_lock
from sigcheck.project.read_models import read_models
from sigcheck.schema.errors import UsageError
from tests.inference.files import FLOAT, X, written, written_node

CONFIG = """\
[models.head]
source = "head.pb"
[models.scorer]
source = "scorer.pb"
{setting}
[[links]]
from = "head"
to = "scorer"
bind = {{ y = "x" }}
"""


@pytest.fixture
def softmaxes(tmp_path, monkeypatch):
    """Writes a softmax that feeds a softmax, and loads the config with a setting of the second model."""
    monkeypatch.chdir(tmp_path)

    def write(setting="", op="Softmax"):
        for name in ("head", "scorer"):
            (tmp_path / f"{name}.pb").write_bytes(written(X, written_node("y", op, "x", attributes=FLOAT)))
        (tmp_path / "sigcheck.toml").write_text(CONFIG.format(setting=setting))
        return load_config(tmp_path / "sigcheck.toml")

    return write


def rules(config):
    result = lint(config, verify="typed")
    return {one.finding.rule for one in result.active} | {
        finding.rule for link in result.links if link.check for finding in link.check.findings
    }


def lock_of(config):
    return Lock(models={name: reading.locked for name, reading in read_models(config, None).items()})


def test_the_graph_of_that_model_alone_is_left_alone(softmaxes):
    assert "double_softmax" in rules(softmaxes())
    config = softmaxes("infer = false")
    assert "double_softmax" not in rules(config)
    readings = read_models(config, None)
    assert readings["head"].linted.signature.outputs[0].inferred
    assert not readings["scorer"].linted.signature.outputs[0].inferred


def test_the_lock_records_nothing_of_it_and_an_older_lock_is_not_compared(softmaxes):
    before = softmaxes()
    (before.folder / FILE).write_text(write_lock(lock_of(before)))
    config = softmaxes("infer = false", op="Tanh")
    locked = write_lock(agree(read_models(config, lock_of(before)), lock_of(before)))
    assert "proved" not in locked.partition("[models.scorer]")[2]
    found = {
        (one.subject, one.finding.rule)
        for one in lint(config, verify="typed").active
        if one.finding.rule == "inferred_fact_changed"
    }
    assert found == {("head", "inferred_fact_changed")}


def test_a_model_that_is_elsewhere_is_known_without_what_was_locked_of_its_graph(softmaxes):
    before = softmaxes()
    lock = lock_of(before)
    config = softmaxes("infer = false")
    (config.folder / "scorer.pb").unlink()
    reading = read_models(config, lock)["scorer"].linted
    assert (reading.origin, reading.signature.outputs[0].inferred) == ("lock", ())


@pytest.mark.parametrize("sides", [("scorer", "other.pb"), ("other.pb", "scorer.pb")])
def test_a_diff_leaves_out_what_the_graphs_of_both_versions_show(softmaxes, sides):
    for setting, expected in (("", {"inferred_fact_changed"}), ("infer = false", set())):
        ops = dict(zip((side.removesuffix(".pb") for side in sides), ("Sigmoid", "Tanh"), strict=True))
        config = softmaxes(setting, op=ops["scorer"])
        op = ops["other"]
        (config.folder / "other.pb").write_bytes(written(X, written_node("y", op, "x", attributes=FLOAT)))
        assert {one.rule for one in diff(*sides, config).findings} == expected
        assert {one.rule for one in diff(*sides[::-1], config).findings} == set()


def test_a_diff_with_the_lock_leaves_out_what_was_locked(softmaxes):
    before = softmaxes(op="Sigmoid")
    (before.folder / FILE).write_text(write_lock(lock_of(before)))
    for setting, expected in (("", {"inferred_fact_changed"}), ("infer = false", set())):
        assert {one.rule for one in diff("lock", "scorer", softmaxes(setting, op="Tanh")).findings} == expected


def test_a_lock_from_before_takes_up_what_is_proved_and_is_not_out_of_date_for_it(softmaxes):
    off = softmaxes("infer = false")
    (off.folder / FILE).write_text(write_lock(lock_of(off)))
    config = softmaxes()
    assert run(["lock", "--check", "--config", str(config.path)]) == 0
    assert (config.folder / FILE).read_text() == write_lock(lock_of(off))
    assert run(["lock", "--quiet", "--config", str(config.path)]) == 0
    assert (config.folder / FILE).read_text() == write_lock(lock_of(config))


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("infre = false", "models.scorer.infre: no such field; did you mean 'infer'?"),
        ('infer = "off"', "models.scorer.infer: found 'off', expected a valid boolean"),
        ("infer = 0", "models.scorer.infer: found 0, expected a valid boolean"),
    ],
)
def test_what_is_mistyped_is_told_with_its_line(softmaxes, setting, told):
    with pytest.raises(UsageError) as error:
        softmaxes(setting)
    assert told in str(error.value)
    assert "sigcheck.toml:5" in str(error.value)
