"""Propose: a config for the models in a folder, with the links that fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, takewhile
from pathlib import Path, PurePath

from sigcheck.encodings.confined import ConfinedFiles
from sigcheck.encodings.permission import OUTSIDE
from sigcheck.encodings.source import Source
from sigcheck.encodings.toml_text import write_key, write_value
from sigcheck.planning.effort import OF_CALL, bounded_effort
from sigcheck.planning.matching import feed
from sigcheck.project.chosen_links import Proposal, choose_links
from sigcheck.project.joint_links import Part, join
from sigcheck.readers import read_source, served
from sigcheck.readers.folder import find_models
from sigcheck.readers.loaded.read import LOADED
from sigcheck.schema.budget import bounded_call
from sigcheck.schema.chain import worst_verdict
from sigcheck.schema.distinct import free_name
from sigcheck.schema.errors import SigcheckError, SourceError
from sigcheck.schema.printable import printable
from sigcheck.schema.report import Binding
from sigcheck.schema.selection import without_examples
from sigcheck.schema.signature import SERVING_KEY, Endpoint, Model, Signature

# Every model is tried against every other: fifty models are 2,450 pairs, and some seconds.
MOST_MODELS = 50
# A multi-signature model beyond this is an API of its own; one entry for each would drown the rest.
MOST_SIGNATURES = 5

# Names that formats and their users give to every model, and numbers of versions.
_OF_ALL = frozenset(
    {
        "model",
        "saved_model",
        "savedmodel",
        "mlmodel",
        "config",
        "features",
        "dataset_info",
        "metadata",
        "models",
        "artifacts",
    }
)
_IS_VERSION = re.compile(r"v?[0-9]{1,9}(\.[0-9]{1,9}){0,3}")
# Whoever wants more of them writes links by hand.
MOST_LEFT_OUT = 20
# Beside the config: an editor that reads `#:schema` (taplo, Even Better TOML) takes a path as well as an address.
SCHEMA_FILE = "sigcheck.schema.json"

_HEAD = f"""\
#:schema ./{SCHEMA_FILE}
# What `sigcheck lint` checks before a merge. Paths are relative to this file.
#
# Say at a model what dtype and shape cannot, and it is compared too:
#
#   outputs.pixels = {{ axes = ["batch", "height", "width", "channel"], range = [0, 255], channel_order = "RGB" }}
#
# A link that needs an adapter names its file; `sigcheck adapt --all` writes it.
# `sigcheck lock` writes down the signatures as agreed; commit sigcheck.lock beside this file.
"""

_NO_LINKS = """\
# No links: no model gives all that another takes, as it is or by an adapter that assumes nothing. Write down what feeds
# what, as [[links]] with from and to; `sigcheck lint` says what is in the way.
"""


@dataclass(frozen=True)
class _Candidate:
    name: str
    source: str
    signature: Signature
    # Why loading it would show more.
    unknown: tuple[str, ...] = ()


@bounded_call()
@bounded_effort(OF_CALL)
def propose(folder: Path) -> str:
    """The text of a config. A model that cannot be read stands in it as a comment.

    Links that fit as they are are proposed; those that need an adapter without assumptions stand
    as comments, to be chosen from, as does what was left out because a model has links enough, or a
    cycle would be closed, and what several models feed together. Raises SourceError where the folder is not there,
    holds no model or is one.
    """
    blocks = [_HEAD]
    candidates: list[_Candidate] = []
    names: set[str] = set()
    top = Source.parse(folder, ConfinedFiles(folder, OUTSIDE))
    for source in find_models(top):
        if source is top:
            # Whoever copies a model takes all that is in its folder.
            raise SourceError(str(folder), "a model itself, expected a folder of models. Name the one that it lies in.")
        path = _relative(source, folder)
        if not _is_text(path):
            blocks.append(f"# Not named: {printable(path)}: a name that is not UTF-8, as a config is. Rename it.\n")
            continue
        try:
            model = read_source(served(source))
            found = list(_candidates(model, path, names))
        except SigcheckError as error:
            blocks.append(f"# Not read: {printable(str(error))}\n")
            continue
        if not found:
            why = "; ".join(note.message for note in model.notes) or "it says of nothing what goes in and out"
            entry = _to_be_loaded(path, names) if any(note.by_loading for note in model.notes) else ""
            blocks.append(f"# Not known: {printable(path)}: {printable(why)}\n{entry}")
        candidates += found
        blocks += map(_model, found)
    if len(blocks) == 1:
        raise SourceError(str(folder), "no models in it, expected some. Name the folder that holds them.")
    if len(candidates) > MOST_MODELS:
        blocks.append(f"# Over {MOST_MODELS} models: write the links by hand, as [[links]] with from and to.\n")
    else:
        blocks += _links(candidates)
    return "\n".join(blocks)


def _is_text(path: str) -> bool:
    """Whether a config can name it: of bytes that are no UTF-8 Python makes halves of characters."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _relative(source: Source, folder: Path) -> str:
    path = PurePath(source.place)
    relative = path.relative_to(folder) if path.is_relative_to(folder) else path
    return relative.as_posix()


def _candidates(model: Model, path: str, names: set[str]) -> Iterator[_Candidate]:
    """The signatures that are meant: the one that is served, else all of them."""
    served = [one for one in model.signatures if one.key == SERVING_KEY][:1]
    chosen = served or without_examples(model.signatures) or [*model.signatures][:MOST_SIGNATURES]
    for signature in chosen:
        is_only = len(chosen) == 1
        stem = _called(path)
        name = _name(stem if is_only else f"{stem}_{signature.key.strip('_')}", names)
        is_open = model.reader in LOADED and any(one.spec.dtype is None for one in signature.outputs)
        unknown = tuple(f"{note.place}: {note.message}" for note in model.notes) if is_open else ()
        yield _Candidate(name, path if is_only else f"{path}#{signature.key}", signature, unknown)


def _called(path: str) -> str:
    """What people call a source: as its file or folder, or as the folder around one that is called as all of its kind.

    >>> _called("models/ranker/3/model.onnx"), _called("mnist/3.0.1/features.json"), _called("encoder.keras")
    ('ranker', 'mnist', 'encoder')
    """
    for part in reversed(PurePath(path).parts):
        stem = PurePath(part).stem
        if stem and not _IS_VERSION.fullmatch(part) and stem.lower() not in _OF_ALL:
            return stem
    return PurePath(path).stem or "model"


def _name(text: str, taken: set[str]) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_") or "model"
    name = free_name(plain, taken)
    taken.add(name)
    return name


def _model(one: _Candidate) -> str:
    lines = [f"[models.{write_key(one.name)}]", f"source = {write_value(one.source)}"]
    if one.unknown:
        lines += [*(f"# {printable(why)}" for why in one.unknown), "# load = true"]
    lines += _comments("takes", one.signature.inputs)
    lines += _comments("gives", one.signature.outputs)
    return "\n".join(lines) + "\n"


def _to_be_loaded(path: str, names: set[str]) -> str:
    """The entry of a model that only loading shows, to be chosen: whoever loads it runs it."""
    lines = [f"[models.{write_key(_name(_called(path), names))}]", f"source = {write_value(path)}", "load = true"]
    lines.append('import = ["MODULE"]  # where it has classes of its own; then run `sigcheck lock --load`')
    return "".join(f"# {line}\n" for line in lines)


def _comments(verb: str, endpoints: Iterable[Endpoint]) -> list[str]:
    return [f"# {verb} {printable(str(endpoint))}" for endpoint in endpoints]


def _links(candidates: Sequence[_Candidate]) -> Iterator[str]:
    parts: list[Part] = []
    proposals = [*_proposals(candidates, parts)]
    choice = choose_links(proposals)
    yield from map(_link, choice.chosen)
    joint = join(parts, [one.consumer for one in proposals])
    for one in joint:
        # Nobody said that the models are fed together: it may not be meant.
        head = f"# {one.consumer} takes what several models give{f', and needs {one.steps}' if one.steps else ''}"
        yield "\n".join([printable(head), *(f"# {line}" for line in one.lines)]) + "\n"
    if not (choice.chosen or choice.left_out or joint) and len(candidates) > 1:
        yield _NO_LINKS
    if choice.left_out:
        shown = [f"#   {one} {'needs an adapter' if one.steps else 'fits'}: {why}" for one, why in choice.left_out]
        more = [f"#   and {len(shown) - MOST_LEFT_OUT} more"] if len(shown) > MOST_LEFT_OUT else []
        head = "# Left out, to be written down where they are meant:"
        yield "\n".join([head, *shown[:MOST_LEFT_OUT], *more]) + "\n"


def _proposals(candidates: Sequence[_Candidate], parts: list[Part]) -> Iterator[Proposal]:
    """Yields the links of two models, and adds to the parts what feeds some of the inputs of another alone."""
    for producer, consumer in permutations(candidates, 2):
        if not producer.signature.outputs or not consumer.signature.inputs:
            continue
        match = feed(producer.signature.outputs, consumer.signature.inputs, is_explained=False)
        if match.ambiguous or not match.bindings:
            continue
        if match.missing:
            fed = tuple(one for one in match.bindings if _is_plain(one))
            required = tuple(one.name for one in consumer.signature.inputs if not one.optional)
            parts.append(Part(producer.name, consumer.name, fed, required))
            continue
        verdict = worst_verdict([binding.verdict for binding in match.bindings])
        named = sum(one.provided == one.required for one in match.bindings)
        if verdict == "fits":
            yield Proposal(producer.name, consumer.name, "", named, _near(producer, consumer))
        elif verdict == "adapts" and not any(one.plan and one.plan.cost.assumptions for one in match.bindings):
            steps = "; ".join(f"{one.required}: {one.plan}" for one in match.bindings if one.plan and one.plan.steps)
            yield Proposal(producer.name, consumer.name, steps, named, _near(producer, consumer))


def _is_plain(one: Binding) -> bool:
    """Whether an output feeds the input alone, and nothing is assumed."""
    return one.verdict in {"fits", "adapts"} and one.junction is None and not (one.plan and one.plan.cost.assumptions)


def _near(producer: _Candidate, consumer: _Candidate) -> int:
    """How many folders both lie in."""
    parts = zip(PurePath(producer.source).parts[:-1], PurePath(consumer.source).parts[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], parts))


def _link(one: Proposal) -> str:
    lines = ["[[links]]", f"from = {write_value(one.producer)}", f"to = {write_value(one.consumer)}"]
    if one.steps:
        lines.append(f"adapter = {write_value(f'adapters/{one.producer}_to_{one.consumer}.py')}")
        # It may not be meant: models that have nothing to do with each other can be adapted too.
        lines = [f"# needs {printable(one.steps)}", *(f"# {line}" for line in lines)]
    return "\n".join(lines) + "\n"
