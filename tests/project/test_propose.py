from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sigcheck.config.load import load_config
from sigcheck.encodings.written_data import parse_toml
from sigcheck.project.lint import lint
from sigcheck.project.propose import MOST_LEFT_OUT, propose
from sigcheck.schema.errors import SourceError


def test_a_proposal_is_a_config_that_passes(sample):
    for path in ("sigcheck.toml", "sigcheck.lock"):
        (sample / path).unlink()
    shutil.rmtree(sample / "change")
    (sample / "sigcheck.toml").write_text(propose(Path()))
    config = load_config(Path("sigcheck.toml"))
    assert "backbone -> tagger" in [link.title for link in config.links]
    result = lint(config, verify="typed")
    assert result.exit_code == 0
    assert {link.verdict for link in result.links} == {"fits"}


def test_links_that_need_an_adapter_are_comments(project, tmp_path):
    project(classifier='inputs.embedding = "float32[?, 1, 10]"')
    text = propose(tmp_path)
    assert '# from = "encoder"\n# to = "classifier"\n# adapter = "adapters/encoder_to_classifier.py"' in text
    assert "# needs embedding: expand_dims(axis=1)" in text


def test_a_link_that_only_renames_needs_no_adapter(project, tmp_path):
    project(classifier='inputs.features = "float32[?, 10]"')
    assert '\n[[links]]\nfrom = "encoder"\nto = "classifier"\n' in propose(tmp_path)
    assert "adapters/encoder_to_classifier.py" not in propose(tmp_path)


def test_models_that_cannot_be_read_are_comments(project, tmp_path):
    project(encoder="inputs = 3")
    text = propose(tmp_path)
    assert f"# Not read: {tmp_path}/encoder.toml: " in text
    assert "[models.encoder]" not in text


def test_signatures_beside_each_other_have_names_of_their_own(project, tmp_path):
    project(
        encoder='[[signatures]]\nkey = "a b"\noutputs.y = "int32[]"\n[[signatures]]\nkey = "c"\ninputs.x = "int8[]"\n'
    )
    text = propose(tmp_path)
    assert '[models.encoder_a_b]\nsource = "encoder.toml#a b"' in text
    assert '[models.encoder_c]\nsource = "encoder.toml#c"' in text


def test_two_models_of_one_name(project, tmp_path):
    project()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "encoder.toml").write_text('outputs.z = "string[]"')
    text = propose(tmp_path)
    assert "[models.encoder]" in text
    assert "[models.encoder_2]" in text


def test_names_from_models_cannot_leave_their_comment(project, tmp_path):
    project(encoder='outputs."x\\n[models.evil]" = "int32[]"')
    (tmp_path / "sigcheck.toml").write_text(propose(tmp_path))
    assert set(load_config(tmp_path / "sigcheck.toml").entries.models) == {"encoder", "classifier"}


def test_a_folder_without_models_is_no_project(tmp_path):
    with pytest.raises(SourceError, match="no models in it"):
        propose(tmp_path)


def test_no_mark_that_turns_or_breaks_lines_is_written_raw(tmp_path):
    name = "a\u202eb\u2028c\x85d"
    (tmp_path / f"{name}.json").write_text(json.dumps({"outputs": {name: "float32[3]"}}))
    text = propose(tmp_path)
    assert all(line.isprintable() for line in text.split("\n"))
    assert parse_toml(text)["models"]["a_b_c_d"]["source"] == f"{name}.json"


def test_models_that_all_fit_each_other_get_few_links_and_the_rest_is_said(tmp_path):
    for at in range(8):
        (tmp_path / f"m{at}.toml").write_text('inputs.x = "float32[?, 4]"\noutputs.y = "float32[?, 4]"')
    text = propose(tmp_path)
    links = parse_toml(text)["links"]
    assert max(sum(name in (one["from"], one["to"]) for one in links) for name in parse_toml(text)["models"]) <= 3
    assert "# Left out, to be written down where they are meant:\n" in text
    assert "#   m1 -> m0 fits: it would close a cycle\n" in text
    assert text.count("\n#   m") == MOST_LEFT_OUT
    assert f"#   and {8 * 7 - len(links) - MOST_LEFT_OUT} more\n" in text


def test_an_editor_finds_the_schema_in_the_first_line(project, tmp_path):
    project()
    assert propose(tmp_path).startswith("#:schema ./sigcheck.schema.json\n")
