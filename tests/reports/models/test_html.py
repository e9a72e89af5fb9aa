"""A model as a page; what a browser makes of it is tested in tests/browser."""

from __future__ import annotations

import html as escapes
import re

import sigcheck
from sigcheck.reports.models import html
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Note, Signature


def test_a_model_is_told_whole():
    text = html.render_models([sigcheck.read("fixtures/rank/encoder", infer=True)])
    for part in ("fixtures/rank/encoder", "saved_model, 1 signature", "serving_default", "measurements"):
        assert part in text
    assert "float32[batch, 24]" in text
    assert "<td>range [-1, 1]</td><td>proved</td><td>Tanh</td>" in text
    assert "<script" not in text


def test_declared_facts_notes_and_optional_inputs_are_told(tmp_path):
    end = Endpoint(name="x", spec=parse_spec("float32[?, 3]"), optional=True)
    model = Model(
        source="m", reader="keras", signatures=(Signature(inputs=(end,)),), notes=(Note(place="x", message="odd"),)
    )
    text = html.render_models([model])
    assert "input, optional" in text
    assert "<li><code>x</code>: odd</li>" in text
    file = tmp_path / "m.toml"
    file.write_text('[inputs]\nx = { dtype = "float32", shape = [4], facts = { range = [0, 1] } }\n')
    assert "<td>range [0, 1] (declared)</td>" in html.render_models([sigcheck.read(str(file))])


def test_several_models_stand_under_their_names(model):
    text = html.render_models([model, model.model_copy(update={"source": "other"})])
    assert "<bdi>2 models</bdi>" in text
    assert "<h2><bdi>other</bdi></h2>" in text


def test_names_that_are_markup_show_as_text():
    evil = "</h1><script>alert(1)</script>\x1b"
    end = Endpoint(name=evil, spec=parse_spec("float32[?, 3]"))
    text = html.render_models([Model(source=evil, reader=evil, signatures=(Signature(key=evil, inputs=(end,)),))])
    assert "<script" not in text
    assert "\x1b" not in text


def test_a_model_shows_itself_in_a_notebook_as_high_as_it_is_long():
    model = sigcheck.read("fixtures/rank/encoder")
    shown = model._repr_html_()
    assert html.render_models([model]) in escapes.unescape(shown)
    longer = sigcheck.read("fixtures/rank/encoder", infer=True)._repr_html_()
    low, high = (int(re.search(r"height:(\d+)px", frame)[1]) for frame in (shown, longer))
    assert low < high
