from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck import api, readers
from sigcheck.api import draft_pair
from sigcheck.certificates.terms import Terms
from sigcheck.certificates.write import certify
from sigcheck.inference import infer
from sigcheck.pipelines.chain import check_chain
from sigcheck.stages.read_source import read_source
from sigcheck.stages.runnable import models_of
from tests.certificates.adapter import EXECUTED

RANK = Path(__file__).parents[2] / "fixtures" / "rank"
ENCODER, CLASSIFIER = RANK / "encoder", RANK / "classifier.keras"


@pytest.fixture
def looked_at(monkeypatch):
    """The names of the files that are read, and of those whose graphs are looked at, in order."""
    found = []
    for module, name in ((readers, "read_source"), (infer, "infer")):
        whole = getattr(module, name)

        def look(source, *more, whole=whole, name=name):
            found.append((name, source.path.name))
            return whole(source, *more)

        monkeypatch.setattr(module, name, look)
    return found


BOTH = [
    ("read_source", "encoder"),
    ("read_source", "classifier.keras"),
    ("infer", "encoder"),
    ("infer", "classifier.keras"),
]


def test_a_check_reads_each_side_once_whatever_becomes_of_it(looked_at, tmp_path):
    draft = draft_pair(ENCODER, CLASSIFIER)
    models = models_of(draft)
    text = certify(EXECUTED, tmp_path / "adapter.py", "", draft.sources, Terms())
    assert looked_at == BOTH
    assert [one.reader for one in (*models.producers, models.consumer)] == ["saved_model", "keras"]
    assert models.producers[0].names == ("output_0",)
    # What the graphs show is no part of what is run, and of what is certified.
    assert models.consumer.signature == read_source(CLASSIFIER).signature
    assert "inferred" not in text


def test_a_chain_reads_each_model_once(looked_at, tmp_path):
    middle = tmp_path / "middle.json"
    middle.write_text(api.read({"x": "float32[?, 10]"}).model_dump_json(), encoding="utf-8")
    result, _ = check_chain([ENCODER, middle, CLASSIFIER], verify="typed")
    assert [link.verdict for link in result.links] == ["fits", "adapts"]
    # A signature file has no graph.
    assert sorted(looked_at) == sorted([*BOTH, ("read_source", "middle.json")])


def test_what_was_read_is_a_source_that_is_not_read_again(looked_at):
    read = read_source(ENCODER)
    assert read_source(read) is read
    assert looked_at == BOTH[:1]
    assert read.shown is read.shown
    assert len(looked_at) == 2


def test_an_object_in_memory_has_no_file_and_no_graph(looked_at):
    read = read_source({"x": "float32[?, 10]"})
    assert read.file is None
    assert read.shown is read
    assert looked_at == []
