"""What people write: TOML, JSON, YAML and Python."""

from __future__ import annotations

from random import Random

from tests.fuzz.hostile.generator import Generator

TOML_BODIES = [
    "a.",
    '"a".',
    "[a]\n",
    "[[a]]\n",
    "a=1\n",
    "#\n",
    "[",
    "{",
    "a={",
    "'",
    '"',
    '"""',
    "]",
    " ",
    "[a.b.c]\n",
]
TOML_HEADS = ["", "[models.", "x = [", 'x = """', "[inputs]\n", "[[links]]\n", "x = 0x", "x.", "[", "bind = {"]
TOML_BODIES += ["1,", "[],", "{},", "\\n", "1", "[models.a]\n", '"] #', "a . ", "\t", '[[links]]\nfrom="a"\n', "é=1\n"]


def odd_toml(size: int, generator: Random) -> bytes:
    body = generator.choice(TOML_BODIES)
    written = generator.choice(TOML_HEADS) + body * (size // len(body)) + generator.choice(["", "=1", "]", "a=1", "}"])
    return written.encode()


TOML_LINES = ["k{}=1", "k{} = [1, 2]", "[k{}]", "[[links]]\nname='{}'", "[models.m{}]\nsource='m'", "a.k{}={{}}"]
TOML_LINES += [
    '"k{}\\n"=1',
    "k{}='float32[]'",
    "inputs.k{}='float32[?, 3]'",
    "[producer.k{}]\nrange=[0,1]",
    "'k{}' = 1",
]
TOML_LINES += ["[models.m{}]\nsource='a'\nreader='r'\nkey='k'\ninputs.x='float32[?, 3]'"]
TOML_LINES += ["[models.m{}]\nsource='m'\ninputs.x={{range=[0,1]}}", "[[ignore]]\nrule='{}'\nmodel='m'\nreason='r'"]


def many_keys(size: int, generator: Random) -> bytes:
    form = generator.choice(TOML_LINES)
    head = generator.choice(["", "[inputs]\n", "[models]\n", "[rules]\n", "[models.m]\nsource='m'\n"])
    one = len(form.format(10_000)) + 1
    return (head + "\n".join(form.format(at) for at in range(max(1, size // one)))).encode()


def odd_json(size: int, generator: Random) -> str:
    head = generator.choice(["", '{"class_name":"Functional","config":', '{"modelTopology":', '{"inputs":', "["])
    body = generator.choice(
        ["[", "{}", "[],", "{},", '{"":0},', '{"a":', '"a",', "1,", "1", '"', "\\", " ", '[""],', "[0],"]
    )
    return head + ("[" if body.endswith(",") else "") + body * (size // len(body)) + generator.choice(["", "]", "0]"])


def odd_object(size: int, generator: Random) -> bytes:
    return odd_json(size, generator).encode()


def many_entries(size: int, generator: Random) -> bytes:
    value = generator.choice(['"float32[?, 3]"', '{"dtype":"float32","shape":[]}', "1", "{}", "[]", '{"range":[0,1]}'])
    count = max(1, size // (len(value) + 10))
    entries = ",".join(f'"k{at}":{value}' for at in range(count))
    form = generator.choice(
        ['{{"inputs":{{{}}},"outputs":{{}}}}', "{{{}}}", '{{"signatures":{{{}}}}}', '{{"producer":{{{}}}}}']
    )
    forms = generator.random() < 0.3
    if forms:
        listed = ",".join([value] * count)
        return (
            generator.choice(['{{"accepted":[{}]}}', '{{"signatures":[{}]}}', '{{"inputs":[{}]}}'])
            .format(listed)
            .encode()
        )
    return form.format(entries).encode()


YAML_BODIES = [
    "- ",
    "- a\n",
    "[",
    "{",
    "a: ",
    "&a ",
    "*a ",
    "? ",
    "- - ",
    "1:",
    "'",
    '"',
    "|\n",
    "#\n",
    "a: b\n",
    "!!x ",
    "<<: ",
]


def odd_yaml(size: int, generator: Random) -> bytes:
    body = generator.choice([*YAML_BODIES, "[],", "{},", "k: [1, 2]\n", "\n", " ", "\t", "0", "~", "%"])
    head = generator.choice(["", "inputs: ", "inputs: [", "a: ", "- [", "inputs:\n  x: "])
    return (
        head
        + body * (min(size, generator.choice([2**17 - 50, size])) // len(body))
        + generator.choice(["", "]", "1", "x"])
    ).encode()


def many_lines(size: int, generator: Random) -> bytes:
    form = generator.choice(["k{}: 1", "- {}", "? {}", "k{}: float32[?, 3]", "k{}: &a{} 1", "k{}: [1, 2, 3]"])
    head = generator.choice(["", "inputs:\n"])
    lines = (form.format(at, at) for at in range(max(1, min(size, generator.choice([2**17 - 50, size])) // 12)))
    return (head + "\n".join(f"  {line}" for line in lines)).encode()


def odd_python(size: int, generator: Random) -> bytes:
    head = generator.choice(
        ["", '"""Adapter. Written by `sigcheck adapt`.', "x = [", "(", "x = ", "#", '"""', "def f("]
    )
    body = generator.choice(
        ["a,", "[", "(", "-", "not ", "#\n", "\n", "\\\n", '"', "'''", '\\"', "a+", "1", " ", "\t", "{"]
    )
    return (head + body * (size // len(body)) + generator.choice(["", "]", '"""', "0"])).encode()


GENERATORS: dict[str, list[Generator]] = {
    **{
        name: [odd_toml, many_keys]
        for name in ("contract.toml", "sigcheck.toml", "pyproject.toml", "sigcheck.lock", "facts.toml")
    },
    **{
        name: [odd_object, many_entries]
        for name in ("contract.json", "facts.json", "baseline.json", "adapter.certificate.json")
    },
    "contract.yaml": [odd_yaml, many_lines],
    "adapter.py": [odd_python],
}
