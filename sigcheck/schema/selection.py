"""Selection: which signature of a model is meant.

A selector stands behind the `#` of a source: `model/#encode` is the signature `encode`,
`model/#@serve,gpu` the meta graph of these tags, `model/#encode@serve` both. The outputs
of a graph that does not tell them are named by `graph.pb#output=scores,boxes`. None of the
marks means anything to a shell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sigcheck.schema.errors import UnsaidError, UsageError
from sigcheck.schema.near_name import near_name
from sigcheck.schema.signature import DEFAULT_KEY, EXAMPLES_KEY, SERVING_KEY, Model, Signature

# The meta graph that is served, and the one that is meant where nobody says which
# (saved_model/tag_constants.py).
SERVING_TAGS = ("serve",)
_SHOWN_KEYS = 20
_EXPORT = " Export it with signatures, or name another source."
_OUTPUT = "output="


class Selector(NamedTuple):
    """What a selector says: a key, the tags of a meta graph, names of outputs of a graph."""

    key: str | None = None
    tags: tuple[str, ...] | None = None
    outputs: tuple[str, ...] = ()


def parse_selector(text: str | None) -> Selector:
    """The selector behind the `#` of a source. A key that has an `@` itself needs its tags behind it.

    >>> parse_selector("encode@gpu,serve")
    Selector(key='encode', tags=('gpu', 'serve'), outputs=())
    """
    written = text or ""
    if written.startswith(_OUTPUT):
        return Selector(outputs=_names(written.removeprefix(_OUTPUT)))
    key, mark, tags = written.rpartition("@")
    if not mark:
        return Selector(written or None)
    return Selector(key or None, _names(tags))


def select_signature(model: Model, key: str | None = None, tags: Iterable[str] | None = None) -> Signature:
    """The signature of this key; without a key `serving_default`, else the only one.

    With `tags` only the meta graph of exactly these tags counts; without, the one of the
    tag `serve` comes first. Raises UsageError, naming the keys that there are.
    """
    if key is None and tags is None and len(model.signatures) == 1:
        return model.signatures[0]
    wanted = None if tags is None else tuple(sorted(set(tags)))
    found = [one for one in model.signatures if wanted is None or _tag_set(one) == wanted]
    if not found:
        is_unsaid = not model.signatures and any(note.by_loading for note in model.notes[:1])
        raise (UnsaidError if is_unsaid else UsageError)(model.source, _nothing_found(model, key, wanted))
    if key is None:
        chosen = [one for one in found if one.key == SERVING_KEY] or (
            found if len(found) == 1 else without_examples(found)
        )
    else:
        chosen = [one for one in found if one.key == key]
    if not chosen:
        missing = f"no signature {key!r}" if key is not None else f"no signature {SERVING_KEY!r}, and several others"
        raise UsageError(
            model.source,
            f"{missing}; it has {_listed(found)}. Name one with {_bare(model, key, wanted)}#{_nearest(key, found)}.",
        )
    if len(chosen) == 1:
        return chosen[0]
    served = [one for one in chosen if _tag_set(one) == SERVING_TAGS]
    if len(served) == 1:
        return served[0]
    if len({_tag_set(one) for one in chosen}) == 1:
        problem = f"{len(chosen)} signatures of the key {chosen[0].key!r}, expected one. Export the model with one."
        raise UsageError(model.source, problem)
    sets = ", ".join(sorted({f"'{','.join(_tag_set(one))}'" for one in chosen}))
    example = f"{_bare(model, key, wanted)}#{chosen[0].key}@{','.join(_tag_set(chosen[0]))}"
    raise UsageError(
        model.source, f"signature {chosen[0].key!r} in several meta graphs, of tags {sets}. Name one with {example}."
    )


def without_examples(signatures: Sequence[Signature]) -> list[Signature]:
    """Of the Examples of a data set and the tensors that they are parsed to, the tensors; else none."""
    keys = [one.key for one in signatures]
    return [*signatures[:1]] if keys == [DEFAULT_KEY, EXAMPLES_KEY] else []


def narrowed(model: Model, selector: str | None, key: str | None = None, tags: Iterable[str] | None = None) -> Model:
    """The model with the one signature that is named: by the key and tags, else by what stands behind the `#`.

    As it is where nothing names one. Raises as `select_signature` does.
    """
    if key is None and tags is None and not selector:
        return model
    said = parse_selector(selector)
    key, tags = key if key is not None else said.key, tags if tags is not None else said.tags
    if key is None and tags is None:
        return model
    return model.model_copy(update={"signatures": (select_signature(model, key, tags),)})


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _tag_set(signature: Signature) -> tuple[str, ...]:
    return tuple(sorted(signature.tags)) or SERVING_TAGS


def _bare(model: Model, key: str | None, wanted: tuple[str, ...] | None) -> str:
    """The source without what was named behind it, which some readers leave there: another key stands in its place."""
    head, _, tail = model.source.rpartition("#")
    said = parse_selector(tail)
    is_named = head and (said.key, said.tags and tuple(sorted(set(said.tags)))) == (key, wanted)
    return head if is_named else model.source


def _nothing_found(model: Model, key: str | None, wanted: tuple[str, ...] | None) -> str:
    if wanted is None or not model.signatures:
        notes = "".join(f" {note.message}" for note in model.notes[:1])
        # A note of what loading shows says what to do itself.
        cure = "" if any(note.by_loading for note in model.notes[:1]) else _EXPORT
        return f"no signatures, expected at least one.{notes}{cure}"
    sets = ", ".join(sorted({f"'{','.join(_tag_set(one))}'" for one in model.signatures}))
    example = f"{_bare(model, key, wanted)}#@{','.join(_tag_set(model.signatures[0]))}"
    return f"no meta graph of tags '{','.join(wanted)}'; it has {sets}. Name one with {example}."


def _listed(signatures: list[Signature]) -> str:
    keys = list(dict.fromkeys(one.key for one in signatures))
    more = f" and {len(keys) - _SHOWN_KEYS} more" if len(keys) > _SHOWN_KEYS else ""
    return ", ".join(repr(key) for key in keys[:_SHOWN_KEYS]) + more


def _nearest(key: str | None, signatures: list[Signature]) -> str:
    keys = [one.key for one in signatures]
    return near_name(key or "", keys) or keys[-1]
