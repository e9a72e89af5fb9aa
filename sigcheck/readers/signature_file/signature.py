"""Signature file: what `sigcheck show --format json` prints, or a contract written by hand.

JSON, YAML or TOML. Everything that `show` prints may be there; what a person writes may be
as short as

    [inputs]
    image = "float32[?, 224, 224, 3]"

Inputs and outputs are lists of specs, or tables from names to specs; a spec is a table, or a
text in the notation that messages print; a table may hold such a text as `spec` beside its
facts. All facts count as declared. Sizes may have names, and `constraints` say what must hold of them:

    inputs.image = "float32[batch, height, width, 3]"
    constraints = ["height % 4 == 0", "width >= 20"]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from sigcheck.encodings.content import Content
from sigcheck.encodings.source import Source
from sigcheck.encodings.written_data import parse_json, parse_toml, parse_yaml
from sigcheck.readers.signature_file.recognize import NAME
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.errors import SourceError
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.near_name import near_names
from sigcheck.schema.notation import parse_sized
from sigcheck.schema.padding_problem import padding_problem
from sigcheck.schema.schema_problem import describe_problem
from sigcheck.schema.signature import Endpoint, Model, Signature
from sigcheck.schema.size_text import names_in, names_of, parse_size

# Ten thousand inputs with facts are 3 MB. What JSON makes of a byte may take twenty in memory.
MAX_BYTES = 4 * 2**20
_PARSERS: dict[str, Callable[[str], Any]] = {
    ".json": parse_json,
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
    ".toml": parse_toml,
}
_SIDES = ("inputs", "outputs")


def read(source: Source) -> Model:
    """The signatures that the file declares. Raises SourceError, naming the line or the field, where it is wrong."""
    written = _parse(source)
    try:
        fields = _expand(written)
    except ValueError as error:
        raise SourceError(source.place, f"{error}. Compare with what `sigcheck show --format json` prints.") from None
    try:
        model = Model.model_validate({**fields, "source": source.place, "reader": NAME})
    except ValidationError as error:
        problem = _describe(error, fields)
        if "signatures" not in written:
            problem = problem.replace("signatures[0].", "", 1)
        raise SourceError(source.place, f"{problem}. Correct the field.") from None
    twice = [key for key, count in Counter((one.key, one.tags) for one in model.signatures).items() if count > 1]
    if twice and not _is_printed(written):
        raise SourceError(source.place, f"two signatures of the key {twice[0][0]!r}. Give each its own.")
    for signature in model.signatures:
        _require_sizes(source, signature)
        _require_padding(source, signature)
    return model.model_copy(update={"signatures": tuple(_declared(one) for one in model.signatures)})


def _require_sizes(source: Source, signature: Signature) -> None:
    """Raises SourceError for a constraint of a size that no input has: nothing would ever be held against it."""
    known = {name for one in signature.inputs for size in one.sizes or () for name in _names(size)}
    for index, one in enumerate(signature.constraints):
        for name in sorted(names_of(one.holds) - known):
            near = near_names(name, sorted(known))
            cure = f"Did you mean {near[0]}?" if near else "Name it where the input has it, as in float32[batch, t]."
            raise SourceError(source.place, f"constraints[{index}]: no size of an input is called {name!r}. {cure}")


def _require_padding(source: Source, signature: Signature) -> None:
    """Raises SourceError for a padding that the tensor cannot hold, or that no id can be."""
    for side in _SIDES:
        for index, endpoint in enumerate(getattr(signature, side)):
            problem = padding_problem(endpoint.spec)
            if problem is not None:
                place = f"{endpoint.name!r:.80}: {side}[{index}].facts"
                raise SourceError(source.place, f"{place}: {problem}. Correct the field.")


def _names(size: int | str | None) -> frozenset[str]:
    return names_in(parse_size(size)) if isinstance(size, str) else frozenset()


def declares_signatures(source: Source) -> bool:
    """Whether a file that is JSON, YAML or TOML is a signature file at all, as far as its first level tells."""
    try:
        written = _parse(source)
    except SourceError:
        return False
    return isinstance(written, dict) and any(name in written for name in ("signatures", *_SIDES))


def _parse(source: Source) -> Any:
    with source.content() as content:
        text = _decode(content, source)
    parse = _PARSERS.get(source.path.suffix.lower(), parse_json)
    try:
        return parse(text)
    except RecursionError:
        raise SourceError(source.place, "nested too deep for a signature file. Write it flat.") from None
    except ValueError as error:
        raise SourceError(source.place, f"{error}. Correct the file there.") from None


def _decode(content: Content, source: Source) -> str:
    if len(content) > MAX_BYTES:
        found = f"{len(content)} bytes, expected a signature file of at most {MAX_BYTES}"
        raise SourceError(source.place, f"{found}. Leave out what is no signature.")
    try:
        return bytes(content[0 : len(content)]).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(source.place, f"byte {error.start} is not UTF-8 text. Save the file as UTF-8.") from None


def _is_printed(written: dict[str, Any]) -> bool:
    """Whether `show` printed it: of a model without signatures, or with two alike, it prints what there is."""
    return "reader" in written


def _expand(written: Any) -> dict[str, Any]:
    """The file with everything that may be written short written out. Raises ValueError where that cannot be."""
    if not isinstance(written, dict):
        raise ValueError(f"{_kind(written)}, expected a table with signatures, or with inputs and outputs")
    is_short = "signatures" not in written
    if is_short:
        if not any(side in written for side in _SIDES):
            raise ValueError("no signatures, expected them under 'signatures', or 'inputs' and 'outputs'")
        own = {name: value for name, value in written.items() if name in Signature.model_fields}
        rest = {name: value for name, value in written.items() if name not in own}
        written = {**rest, "signatures": [own]}
    signatures = written["signatures"]
    if isinstance(signatures, dict):
        signatures = [{"key": key, **value} if isinstance(value, dict) else value for key, value in signatures.items()]
    if not isinstance(signatures, list) or not (signatures or _is_printed(written)):
        raise ValueError(f"signatures: {_kind(signatures)}, expected a list of at least one")
    expanded = [
        _expand_signature(one, "" if is_short else f"signatures[{index}].") for index, one in enumerate(signatures)
    ]
    return {**written, "signatures": expanded}


def _expand_signature(written: Any, place: str) -> Any:
    if not isinstance(written, dict):
        return written
    sides = {side: _expand_side(written[side], f"{place}{side}") for side in _SIDES if side in written}
    told = written.get("constraints")
    if isinstance(told, list):
        sides["constraints"] = [{"holds": one} if isinstance(one, str) else one for one in told]
    return {**written, **sides}


def _expand_side(written: Any, place: str) -> Any:
    if isinstance(written, dict):
        return [_expand_spec(spec, f"{place}.{name}", {"name": name}) for name, spec in written.items()]
    if isinstance(written, list):
        return [_expand_spec(spec, f"{place}[{index}]", {}) for index, spec in enumerate(written)]
    return written


def _expand_spec(written: Any, place: str, named: dict[str, Any]) -> Any:
    spend(2 * STEPS_OF_ENDPOINT)
    if isinstance(written, str):
        return {**named, **_notation(written, place)}
    if not isinstance(written, dict):
        return written
    spec = written.get("spec")
    short = _notation(spec, place) if isinstance(spec, str) else {}
    rest = {name: value for name, value in written.items() if not (name == "spec" and short)}
    if isinstance(rest.get("shape"), list):
        # TOML has no null.
        rest["shape"] = [None if size == "?" else size for size in rest["shape"]]
    if isinstance(rest.get("sizes"), list):
        rest["sizes"] = [None if size == "?" else size for size in rest["sizes"]]
    return {**named, **short, **rest}


def _notation(text: str, place: str) -> dict[str, Any]:
    try:
        spec, sizes = parse_sized(text)
        return {**spec.model_dump(exclude={"facts"}), **({} if sizes is None else {"sizes": sizes})}
    except ValidationError as error:
        raise ValueError(f"{place}: {text[:80]!r}: {describe_problem(error)}") from None
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _describe(error: ValidationError, fields: dict[str, Any]) -> str:
    """The problem, with the name of the input or output it is about: an index says little in a long list."""
    value: Any = fields
    name = None
    for part in error.errors(include_url=False)[0]["loc"]:
        value = _part(value, part)
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            name = value["name"]
    return describe_problem(error) if name is None else f"{name[:80]!r}: {describe_problem(error)}"


def _part(value: Any, part: int | str) -> Any:
    if isinstance(value, list) and isinstance(part, int):
        return value[part] if part < len(value) else None
    return value.get(part) if isinstance(value, dict) else None


def _declared(signature: Signature) -> Signature:
    sides = {side: tuple(_declared_endpoint(one) for one in getattr(signature, side)) for side in _SIDES}
    return signature.model_copy(update=sides)


def _declared_endpoint(endpoint: Endpoint) -> Endpoint:
    if endpoint.spec.facts is NO_FACTS:
        return endpoint
    facts = endpoint.spec.facts.with_origin("declared")
    return endpoint.model_copy(update={"spec": endpoint.spec.model_copy(update={"facts": facts})})


def _kind(value: Any) -> str:
    names = {dict: "a table", list: "a list", str: "a text", bool: "a truth value", type(None): "nothing"}
    return "an empty list" if value == [] else names.get(type(value), "a number")
