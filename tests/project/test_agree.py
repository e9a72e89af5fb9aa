from __future__ import annotations

import pytest

from sigcheck.project.agree import agree
from sigcheck.project.lock_file import write_lock
from sigcheck.project.read_models import read_models
from sigcheck.schema.errors import SourceError

COUNTED = 'outputs.keras_tensor_{} = "float32[?, 10]"'


def agreed(config, old=None):
    return agree(read_models(config, old), old)


def test_a_lock_agrees_with_itself(project):
    config = project()
    lock = agreed(config)
    assert write_lock(agreed(config, lock)) == write_lock(lock)


def test_names_that_keras_counts_leave_the_text_as_it_is(project):
    first = agreed(project(encoder=COUNTED.format(8)))
    assert agreed(project(encoder=COUNTED.format(21)), first) == first


def test_a_change_replaces_its_entry_only(project):
    first = agreed(project())
    second = agreed(project(encoder='outputs.embedding = "float32[?, 12]"'), first)
    assert second.models["classifier"] == first.models["classifier"]
    assert "float32[?, 12]" in write_lock(second)


def test_a_model_that_is_elsewhere_keeps_its_entry(project, tmp_path):
    config = project()
    first = agreed(config)
    (tmp_path / "encoder.toml").unlink()
    assert agreed(config, first) == first


def test_a_model_that_nobody_has_seen_cannot_be_locked(project):
    with pytest.raises(SourceError, match="no such file"):
        agreed(project(encoder=None))


def test_a_model_that_is_broken_is_not_taken_from_the_lock(project, tmp_path):
    config = project()
    first = agreed(config)
    (tmp_path / "encoder.toml").write_text("outputs = 3")
    with pytest.raises(SourceError, match=r"encoder\.toml"):
        agreed(config, first)


UNET = 'inputs.image = "float32[batch, height, 3]"\nconstraints = ["height % {} == 0"]'


def test_what_a_graph_demands_of_sizes_is_locked_and_a_new_demand_told(project):
    models = {"encoder": None, "classifier": UNET.format(4)}
    config = project('[models.classifier]\nsource = "classifier.toml"\n', **models)
    lock = agreed(config)
    assert 'constraints = ["height % 4 == 0"]' in write_lock(lock)
    assert write_lock(agreed(config, lock)) == write_lock(lock)
    project('[models.classifier]\nsource = "classifier.toml"\n', encoder=None, classifier=UNET.format(8))
    (change,) = read_models(config, lock)["classifier"].changes
    assert (change.rule, change.message) == ("input_narrowed", "takes height % 8 == 0 only, and took height = 4")


def test_a_lock_from_before_sizes_still_holds(project):
    models = {"encoder": None, "classifier": UNET.format(4)}
    config = project('[models.classifier]\nsource = "classifier.toml"\n', **models)
    lock = agreed(config)
    old = {
        name: one.model_copy(update={"signature": one.signature.without_sizes(), "sizes_by": None})
        for name, one in lock.models.items()
    }
    reading = read_models(config, lock.model_copy(update={"models": old}))["classifier"]
    assert (reading.linted.lock, reading.changes) == ("agrees", ())
