"""Configurations that TensorFlow Serving does not take."""

from __future__ import annotations

from random import Random

from tests.fuzz.hostile.generator import Generator

MODEL = 'config {{ name: "{}" base_path: "/models/{}" model_version_policy {{ all {{ }} }} }}\n'
WHOLE = f"model_config_list {{ {MODEL.format('a', 'a')} {MODEL.format('b', 'b')} }}"


def whole() -> bytes:
    return WHOLE.encode()


def many_models(size: int, generator: Random) -> bytes:
    form = generator.choice(
        [MODEL, 'config {{ name: "a" base_path: "{}" }}\n', "config {{ }}\n", 'config {{ name: "{}" }}']
    )
    count = max(1, size // len(form.format(10_000, 10_000)))
    return f"model_config_list {{ {''.join(form.format(at, at) for at in range(count))} }}".encode()


def long_path(size: int, generator: Random) -> bytes:
    path = generator.choice(["a/", "../", "/", "a"]) * (size // 2)
    return f'model_config_list {{ config {{ name: "a" base_path: "{path}" }} }}'.encode()


def many_versions(size: int, generator: Random) -> bytes:
    part = generator.choice(["versions: 1 ", "versions: -1 ", f"versions: {'9' * 300} "])
    policy = f"model_version_policy {{ specific {{ {part * max(1, size // len(part))} }} }}"
    return f'model_config_list {{ config {{ name: "a" base_path: "a" {policy} }} }}'.encode()


SEEDS = {"models.config": whole}
GENERATORS: dict[str, list[Generator]] = {"models.config": [many_models, long_path, many_versions]}
