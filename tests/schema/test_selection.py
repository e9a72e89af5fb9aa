"""Selection: which signature is meant, and what is said where none is."""

from __future__ import annotations

import pytest

from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import Selector, parse_selector, select_signature
from sigcheck.schema.signature import Model, Note, Signature


def model(*keys: str, **tagged: tuple[str, ...]) -> Model:
    signatures = [Signature(key=key) for key in keys]
    signatures += [Signature(key=name.rstrip("_"), tags=tags) for name, tags in tagged.items()]
    return Model(source="model/", reader="test", signatures=tuple(signatures))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, Selector()),
        ("encode", Selector("encode")),
        ("@serve,gpu", Selector(tags=("serve", "gpu"))),
        ("encode@serve", Selector("encode", ("serve",))),
        ("a@b@serve", Selector("a@b", ("serve",))),
        ("output=a,b, c:1", Selector(outputs=("a", "b", "c:1"))),
        ("", Selector()),
    ],
)
def test_selectors(text: str | None, expected: Selector) -> None:
    assert parse_selector(text) == expected


def test_without_a_key_the_served_signature_else_the_only_one() -> None:
    assert select_signature(model("a", "serving_default")).key == "serving_default"
    assert select_signature(model("a")).key == "a"
    assert select_signature(model("a", "b"), "b").key == "b"


def test_tags_choose_the_meta_graph_and_serve_comes_first() -> None:
    tagged = model(f=("gpu", "serve"), f_=("serve",), g=("train",))
    assert select_signature(tagged, "f").tags == ("serve",)
    assert select_signature(tagged, "f", ["serve", "gpu"]).tags == ("gpu", "serve")
    assert select_signature(tagged, None, ["train"]).key == "g"


@pytest.mark.parametrize(
    ("source", "key", "tags", "expected"),
    [
        (
            model("serving_default", "encode"),
            "predict",
            None,
            "model/: no signature 'predict'; it has 'serving_default', 'encode'. Name one with model/#encode.",
        ),
        (
            model("serving_default", "predict"),
            "predcit",
            None,
            "model/: no signature 'predcit'; it has 'serving_default', 'predict'. Name one with model/#predict.",
        ),
        (
            model("a", "b"),
            None,
            None,
            "model/: no signature 'serving_default', and several others; it has 'a', 'b'. Name one with model/#b.",
        ),
        (
            model(f=("train",), f_=("gpu",)),
            "f",
            None,
            "model/: signature 'f' in several meta graphs, of tags 'gpu', 'train'. Name one with model/#f@train.",
        ),
        (
            model(f=("train",)),
            None,
            ("serve",),
            "model/: no meta graph of tags 'serve'; it has 'train'. Name one with model/#@train.",
        ),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    source: Model, key: str | None, tags: tuple[str, ...] | None, expected: str
) -> None:
    with pytest.raises(UsageError) as caught:
        select_signature(source, key, tags)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("source", "named", "tags", "cure"),
    [
        ("model.keras#g", "g", {}, "model.keras#f"),
        ("a#b/model.keras#@serve", "@serve", {"f": ("train",)}, "a#b/model.keras#@train"),
        ("model.keras#f", "f", {"f": ("train",), "f_": ("gpu",)}, "model.keras#f@train"),
        # A folder that is called so.
        ("models#g/one", "g", {}, "models#g/one#f"),
    ],
)
def test_what_was_named_in_vain_is_no_part_of_the_cure(
    source: str, named: str, tags: dict[str, tuple[str, ...]], cure: str
) -> None:
    read = (model(**tags) if tags else model("f")).model_copy(update={"source": source})
    said = parse_selector(named)
    with pytest.raises(UsageError) as caught:
        select_signature(read, said.key, said.tags)
    assert str(caught.value).endswith(f"Name one with {cure}.")


def test_a_model_without_signatures_says_why() -> None:
    empty = Model(source="m", reader="r", signatures=(), notes=(Note(place="m", message="saved without signatures."),))
    with pytest.raises(UsageError, match=r"no signatures, expected at least one\. saved without signatures\."):
        select_signature(empty)
