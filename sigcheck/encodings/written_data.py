"""Written data: JSON, YAML and TOML as people write them, each parsed to plain values.

Each function raises ValueError that names the line. Keys that stand twice are refused: one
of them would be lost without a word. YAML is read without tags, and without aliases or with few, so that a
small file cannot become objects, nor a large structure.
"""

from __future__ import annotations

from typing import Any

from sigcheck.encodings.long_number import long_numbers_refused
from sigcheck.encodings.table import distinct

# The parser of PyYAML that takes no C library reads some 100 kB a second: above, the time of a glance is over.
MAX_YAML_CHARACTERS = 2**17


def parse_json(text: str) -> Any:
    """The value of a JSON text."""
    import json

    from sigcheck.encodings.json_bytes import check_json

    check_json(text)
    try:
        with long_numbers_refused():
            value = json.loads(text, object_pairs_hook=distinct)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {_lower(error.msg)}") from None
    if "\\ud" in text.lower():
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("half of a character, written as \\ud...: nothing can print it") from None
    return value


def parse_toml(text: str) -> Any:
    """The table of a TOML text. Raises LimitError too, for more than the open budget lets it take."""
    from sigcheck.encodings.toml_shape import check_toml

    check_toml(text)
    import tomli

    try:
        with long_numbers_refused():
            return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise ValueError(_lower(str(error))) from None


def parse_yaml(text: str, *, has_aliases: bool = False) -> Any:
    """The value of a YAML text. Raises ValueError too where PyYAML is not installed.

    With `has_aliases`, as programs write them, they may stand for as many values as a text without them could have;
    what they stand for is one object at all of its places, which is not to be changed.
    """
    try:
        import yaml

        from sigcheck.encodings.plain_yaml import plain_value
    except ImportError:
        raise ValueError("YAML, which needs an extra: pip install 'sigcheck[yaml]'") from None
    if len(text) > MAX_YAML_CHARACTERS:
        raise ValueError(f"YAML of {len(text)} characters, more than {MAX_YAML_CHARACTERS}: write it as JSON")

    try:
        with long_numbers_refused():
            return plain_value(text, MAX_YAML_CHARACTERS if has_aliases else 0)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise ValueError(_lower(str(error).partition("\n")[0])) from None


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
