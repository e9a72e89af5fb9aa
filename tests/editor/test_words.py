from __future__ import annotations

import pytest

from sigcheck.editor.words import is_text, keys_at, values_at

from .conftest import CONFIG


def names(words):
    return [word.text for word in words]


@pytest.mark.parametrize(
    ("path", "some"),
    [
        ((), {"models", "links", "rules", "ignore"}),
        (("models",), {"texts", "ranker"}),
        (("models", "texts"), {"source", "outputs", "load"}),
        (("models", "texts", "outputs"), {"mean", "peak", "ids"}),
        (("models", "texts", "outputs", "mean"), {"range", "meaning", "axes"}),
        (("models", "ranker", "inputs", "tokens", "padding"), {"value", "side"}),
        (("links", 0, "bind"), {"mean", "peak", "ids"}),
        (("links", 0, "const"), {"query", "tokens"}),
        (("links", 0, "policy"), {"loss", "assume"}),
        (("rules",), {"lossy_cast", "stale_lock"}),
    ],
)
def test_keys(found, path, some):
    assert some <= {*names(keys_at(CONFIG, (), path, found().known))}


@pytest.mark.parametrize(
    ("path", "all_"),
    [
        (("links", 0, "from"), ["texts", "ranker"]),
        (("ignore", 0, "link"), ["texts -> ranker"]),
        (("links", 0, "bind", "mean"), ["query", "tokens"]),
        (("models", "texts", "infer"), ["true", "false"]),
        (("rules", "lossy_cast"), ["error", "warning", "note", "off"]),
        (("models", "texts", "outputs", "mean", "channel_order"), ["RGB", "BGR", "GRAY", "RGBA"]),
        (("models", "texts", "source"), []),
    ],
)
def test_values(found, path, all_):
    assert names(values_at(CONFIG, (), path, found().known)) == all_


def test_a_model_and_a_tensor_have_pages(found):
    known = found().known
    (model, *_) = values_at(CONFIG, (), ("links", 0, "from"), known)
    assert "gives  mean: float32[?, 4]" in model.page
    (tensor, *_) = keys_at(CONFIG, (), ("models", "texts", "outputs"), known)
    assert tensor.page == "mean: float32[?, 4]"


def test_transforms_may_be_denied(found):
    assert "transpose" in names(values_at(CONFIG, (), ("links", 0, "policy", "deny"), found().known))


def test_where_nothing_is_known_to_stand_nothing_is_offered(found):
    assert keys_at(CONFIG, (), ("models", "texts", "source", "x"), found().known) == []


def test_truth_is_written_without_quotes():
    assert not is_text(("models", "texts", "infer"))
    assert is_text(("links", 0, "from"))
