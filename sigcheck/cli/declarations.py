"""Declarations: facts given on the command line or in a file, as `api.check` takes them.

    {"producer": {"pixels": {"range": [0, 255]}}, "consumer": {...}}

Only the form is looked at here; whether a fact is one, and agrees with its tensor, is the
schema's to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sigcheck.encodings.whole_file import read_whole
from sigcheck.encodings.written_data import parse_json, parse_toml
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.near_name import near_names
from sigcheck.schema.printable import shortened
from sigcheck.schema.system_error import unreadable

Declared = dict[str, dict[str, dict[str, Any]]]

SIDES = ("producer", "consumer")

# Names may hold dots and equals signs: the fact is the first word before an equals sign that
# is one. A copy, because the module of the facts is heavy to import; a test holds it equal.
FACTS = (
    "axes",
    "range",
    "normalization",
    "quantization",
    "meaning",
    "id_count",
    "channel_order",
    "boxes",
    "features",
    "padding",
)
_FACT = rf"(?s)({'|'.join(SIDES)})\.(.+?)\.({'|'.join(FACTS)})=(.*)"

# A file of declarations is written by people; one of this size is something else.
_MOST_BYTES = 16 * 2**20


def parse_fact(text: str) -> Declared:
    """One `SIDE.NAME.FACT=VALUE`. Raises UsageError where it has another form.

    >>> parse_fact("producer.pixels.range=0,255")
    {'producer': {'pixels': {'range': [0, 255]}}}
    """
    found = re.fullmatch(_FACT, text)
    if found is None:
        _require_fact(text)
        raise UsageError(
            "--fact",
            f"found {text!r}, expected SIDE.NAME.FACT=VALUE, SIDE one of {', '.join(SIDES)}, "
            f"FACT one of {', '.join(FACTS)}. Write it like --fact producer.pixels.range=0,255.",
        )
    side, name, fact, value = found.groups()
    return {side: {name: {fact: parse_value(value, is_list=fact == "axes")}}}


def _require_fact(text: str) -> None:
    """Raises UsageError where only the name of the fact is wrong, with the one that is near."""
    side, _, rest = text.partition(".")
    name, _, fact = rest.partition("=")[0].rpartition(".")
    meant = near_names(fact, FACTS)
    if side in SIDES and name and "=" in rest and meant:
        raise UsageError(
            "--fact", f"no fact {shortened(fact)!r}, expected one of {', '.join(FACTS)}. Did you mean {meant[0]}?"
        )


def parse_value(text: str, *, is_list: bool = False) -> Any:
    """JSON, else a list of what stands between commas, else the word itself.

    >>> parse_value('{"mean": 127.5, "std": 127.5}'), parse_value("batch,channel"), parse_value("RGB")
    ({'mean': 127.5, 'std': 127.5}, ['batch', 'channel'], 'RGB')
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if "," in text or is_list:
        return [_word(part.strip()) for part in text.split(",")]
    return text.strip()


def _word(text: str) -> Any:
    return None if text in {"?", "None"} else parse_scalar(text)


def parse_scalar(text: str) -> Any:
    """JSON, else the text itself.

    >>> parse_scalar("-1"), parse_scalar("[PAD]"), parse_scalar('"0"')
    (-1, '[PAD]', '0')
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def read_facts(path: Path) -> Declared:
    """The declarations of a .toml or .json file.

    Raises SourceError where it is not there or broken, UsageError where it has another form.
    """
    place = str(path)
    try:
        text = read_whole(path, _MOST_BYTES, "a file of facts").decode("utf-8")
        with bounded(place, len(text)):
            found = parse_json(text) if path.suffix == ".json" else parse_toml(text)
    except FileNotFoundError:
        raise SourceError(place, "no such file. Check the path.") from None
    except OSError as error:
        raise SourceError(place, unreadable(error)) from None
    except RecursionError:
        raise SourceError(place, "nested too deep. Write [SIDE.NAME] tables of facts.") from None
    except ValueError as error:
        # Both parsers say line and column.
        form = "JSON" if path.suffix == ".json" else "TOML"
        problem = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"not {form}: {str(error).rstrip('.')}"
        raise SourceError(place, f"{problem}. Correct it there.") from None
    return _checked(place, found)


def _checked(place: str, found: Any) -> Declared:
    if not isinstance(found, dict):
        raise UsageError(place, "found no table, expected [producer.NAME] and [consumer.NAME]. Write one of these.")
    for side, names in found.items():
        if side not in SIDES:
            raise UsageError(place, f"found {side!r}, expected {' or '.join(SIDES)}. Correct the name.")
        if not isinstance(names, dict):
            raise UsageError(place, f"{side} is no table, expected one for each name. Write [{side}.NAME].")
        for name, facts in names.items():
            if not isinstance(facts, dict):
                raise UsageError(place, f"{side}.{name} is no table of facts. Write [{side}.{name}] range = [0, 1].")
    return found


def merge_facts(parts: Iterable[Declared]) -> Declared:
    """All declarations in one; a later one replaces the same fact of an earlier one."""
    merged: Declared = {}
    for part in parts:
        for side, names in part.items():
            for name, facts in names.items():
                known = merged.setdefault(side, {}).setdefault(name, {})
                known.update(facts | _observed(known, facts))
    return merged


def _observed(known: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """What stands behind the facts that data showed: without those that are declared now, with those shown now."""
    before, now = known.get("observed"), facts.get("observed")
    if not isinstance(before, dict) or not isinstance(before.get("facts"), list):
        return {}
    # What stands in a file may be no name at all, which is said where the facts are declared.
    left = [fact for fact in before["facts"] if fact not in list(facts)]
    if isinstance(now, dict) and isinstance(now.get("facts"), list):
        return {"observed": {**now, "facts": [*left, *now["facts"]]}}
    return {} if "observed" in facts else {"observed": {**before, "facts": left}}
