"""The certificate of an adapter file, written beside it: of one pair, or of a link of a project."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sigcheck.cli.output import write_whole
from sigcheck.schema.errors import UsageError
from sigcheck.schema.system_error import system_words

if TYPE_CHECKING:
    from sigcheck.api import Report
    from sigcheck.config.config import Config
    from sigcheck.config.entries import ModelEntry
    from sigcheck.encodings.permission import Permission
    from sigcheck.encodings.source import Source
    from sigcheck.planning.declaration import Declared
    from sigcheck.project.loaded_models import LoadedModels
    from sigcheck.schema.bind import Bind
    from sigcheck.schema.project import LintedLink, LintResult
    from sigcheck.schema.report import Binding
    from sigcheck.stages.read_source import ReadSource


def certify_file(report: Report, adapter: Path, text: str, keywords: Mapping[str, Any]) -> None:
    """Writes what was proved of an adapter file; `keywords` are those that the check was called with.

    Raises UsageError where it cannot be written.
    """
    from sigcheck.certificates.paths import certificate_path
    from sigcheck.certificates.terms import Terms
    from sigcheck.certificates.write import certify

    bind, plans = _decided(keywords["bind"] or {}, report.bindings, keywords["example"])
    facts = keywords["facts"] or {}
    where = report.result.holds_where
    mapped, infer = (keywords[name] for name in ("map", "infer"))
    terms = Terms(report.draft.policy, facts, bind, plans, where, mapped=mapped, infer=infer)
    certificate = certify(report.verification, adapter, text, report.draft.sources, terms)
    write_whole(certificate_path(adapter), certificate)


def certify_link(
    config: Config, result: LintResult, link: LintedLink, adapter: Path, text: str, models: LoadedModels
) -> None:
    """Writes what a lint proved of the adapter file of a link.

    Of a model that only the lock knows here nothing can be proved again: then there is no certificate,
    and one of an earlier file is deleted. Raises UsageError where it cannot be written.
    """
    from sigcheck.certificates.paths import certificate_path
    from sigcheck.certificates.terms import Terms
    from sigcheck.certificates.write import certify
    from sigcheck.project.earlier import Earlier, spoken_of
    from sigcheck.schema.signature import Signature

    certificate = certificate_path(adapter)
    entry = next(one for one in config.links if one.title == link.name)
    sides = [config.entries.models[name] for name in (link.producer, link.consumer)]
    at_hand = {model.name for model in result.models if model.origin == "source"}
    taken = {source.name for one in (link.check.bindings if link.check else ()) for source in one.sources}
    models_read = {model.name: model for model in result.models}
    given = models_read[link.producer].signature or Signature()
    known = Earlier(config.links, config.entries.models).models(entry, models_read)
    before = {one.name: config.entries.models[one.name] for one in spoken_of(entry, known, given)}
    infers = {side.infer for side in (*sides, *before.values())}
    if link.check is None or not {link.producer, link.consumer, *before} <= at_hand or len(infers) > 1:
        _delete(certificate)
        return
    sources = [_read(config, side, models) for side in sides]
    bind, plans = _decided(entry.bind, link.check.bindings, entry.example)
    facts = _facts(*sides)
    facts["producer"] = {**facts["producer"], **_passed_facts(before, taken)}
    terms = Terms(
        entry.policy,
        facts,
        bind,
        plans,
        link.check.holds_where,
        entry.map,
        earlier={name: _read(config, side, models) for name, side in before.items()},
        infer=sides[0].infer,
    )
    write_whole(certificate, certify(link.check.verification, adapter, text, sources, terms))


def _decided(bind: Bind, bindings: Sequence[Binding], example: object) -> tuple[Bind, dict[str, str]]:
    """What is bound, and the steps to each input, as an example decided them: a verification needs it no more."""
    if example is None:
        return bind, {}
    from sigcheck.planning.chosen import pin_bind, tell_plans

    return pin_bind(bind, bindings), tell_plans(bindings)


def _passed_facts(before: Mapping[str, ModelEntry], taken: Collection[str]) -> Declared:
    """What the config says of tensors of earlier models that an adapter takes, by what it calls them."""
    from sigcheck.schema.passed import INPUT

    told = {
        f"{model}.{prefix}{name}": declared.known()
        for model, entry in before.items()
        for prefix, ends in (("", entry.outputs), (f"{INPUT}.", entry.inputs))
        for name, declared in ends.items()
    }
    return {name: facts for name, facts in told.items() if name in taken}


def _facts(producer: ModelEntry, consumer: ModelEntry) -> dict[str, Declared]:
    return {
        "producer": {name: declared.known() for name, declared in producer.outputs.items()},
        "consumer": {name: declared.known() for name, declared in consumer.inputs.items()},
    }


def _read(config: Config, entry: ModelEntry, models: LoadedModels) -> ReadSource:
    """A model as the lint read it."""
    from sigcheck.readers import served
    from sigcheck.schema.selection import narrowed
    from sigcheck.stages.read_source import ReadSource, read_source

    source = _source(config, entry, models.permission)
    if not entry.load:
        return read_source(source)
    source = served(source)
    loaded = narrowed(models.read(source, entry), source.selector)
    return ReadSource(source, loaded, loading=models.loading(entry))


def _source(config: Config, entry: ModelEntry, permission: Permission) -> Source:
    """The source as a command names it: the key and tags of the entry behind the `#`."""
    if entry.key is None and entry.tags is None:
        return permission.source(config.folder, entry.source)
    tags = "" if entry.tags is None else f"@{','.join(entry.tags)}"
    return permission.source(config.folder, f"{entry.source}#{entry.key or ''}{tags}")


def _delete(certificate: Path) -> None:
    try:
        certificate.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(str(certificate), f"cannot be deleted: {system_words(error)}. Delete it.") from None
