from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sigcheck.reports.formats.markdown import MAX_FINDINGS, render_chain, render_check, render_diff, render_lint
from sigcheck.schema.project import LintResult

WHOLE = """\
## ✅ sigcheck: adapts

`models/encoder#serving_default` → `classifier.keras#default`, verified: executed, 24 cases

```mermaid
flowchart LR
  m0["models/encoder#35;serving_default"]
  m1["classifier.keras#35;default"]
  m0 -->|"pixels to image: adapts"| m1
  linkStyle 0 stroke:#2da44e
```

| output | input | verdict | steps |
| --- | --- | --- | --- |
| `pixels: float32[?, 8, 8, 3]` | `image: float16[?, 3, 8, 8]` | ✅ adapts | \
`transpose(perm=[0, 3, 1, 2]), cast(dtype=float16)` |

⚠️ **warning** `layout_mismatch` at `classifier.keras`
```text
image: required axes in another order
required  image: float16[?, 3, 8, 8]
provided  pixels: float32[?, 8, 8, 3]
help      the adapter does it
```

💡 **note** `unused_output` at `classifier.keras`
```text
mask: no input takes it
help      nothing
```

**Not checked**

- `value range of image: not declared`

<details><summary>Adapter</summary>

```python
\"\"\"Adapter.\"\"\"

import tensorflow as tf
```

</details>"""


def test_a_check_reads_like_this(result):
    assert render_check(result) == WHOLE


def test_a_lint_tells_links_adapters_and_what_could_not_be_checked(lint):
    text = render_lint(lint)
    assert text.startswith("## ❌ sigcheck: found 3 errors, 1 warning\n")
    assert "`ci/sigcheck.toml`: 2 models, 3 links, 1 finding ignored or in the baseline" in text
    assert "| `encoder -> classifier` | ✅ adapts | `adapters/e.py` | stale |" in text
    assert "lost: could not be checked: lost.keras: no such file or folder." in text
    assert "⚠️ **warning** `layout_mismatch` of `encoder -> classifier` at `ci/sigcheck.toml:12`\n" in text
    assert text.index("❌ **error**") < text.index("⚠️ **warning**")


def test_a_diff_tells_what_each_link_becomes(diff):
    text = render_diff(diff)
    assert "| `encoder -> classifier` | ✅ safe | adapts | ✅ adapts |" in text
    assert "| `encoder -> cutter` | ❌ broken | fits | ❌ blocked |" in text


def test_many_findings_are_counted(result):
    many = result.findings[:1] * (MAX_FINDINGS + 2)
    assert render_check(result.model_copy(update={"findings": many})).count("**warning**") == MAX_FINDINGS
    assert "2 more findings not shown" in render_check(result.model_copy(update={"findings": many}))


@pytest.mark.parametrize(
    "name", ["`", "``` x", "a|b", "a\\|b", "<script>", "@team", "[x](http://x)", "a\n# head", "~~~", "", " "]
)
def test_names_mean_nothing_to_markdown(result, name):
    binding = result.bindings[0].model_copy(update={"provided": name, "required": name})
    finding = result.findings[0].model_copy(update={"place": name, "message": name, "help": name})
    side = result.producer.model_copy(update={"source": name or "m"})
    hostile = result.model_copy(
        update={"producer": side, "bindings": (binding,), "findings": (finding,), "unchecked": (name,)}
    )
    text = render_check(hostile)
    plain = outside_of_code(text)
    for mark in ("<script>", "@team", "http://", "# head"):
        assert mark not in plain
    rows = [line for line in text.split("\n") if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def outside_of_code(text):
    """The text without fenced blocks and code spans, as CommonMark pairs them."""
    kept, fence = [], None
    for line in text.split("\n"):
        opening = re.match(r"(`{3,})[a-z]*$", line)
        if fence is None and opening:
            fence = opening[1]
        elif fence is not None:
            fence = None if line == fence else fence
        else:
            kept.append(re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", line))
    assert fence is None
    return "\n".join(kept)


def test_a_chain_tells_what_all_links_lose(chain):
    text = render_chain(chain)
    assert text.startswith("## ❌ sigcheck: blocked, 2 links\n")
    assert 'm1["classifier.keras#35;default"]\n  m2["last#35;default"]' in text
    assert "| 1 | `image` | `cast(dtype=float16)` | rounding | `-` |" in text


def test_a_large_lint_fits_in_a_comment(lint):
    link, finding = lint.links[1], lint.findings[2]
    names = [f"encoder -> viewer {at}" for at in range(5000)]
    links = tuple(replace(link, name=name, consumer=name) for name in names)
    text = render_lint(LintResult(config=lint.config, links=links, findings=(finding,) * 5000))
    assert len(text) < 65_536
    assert "4900 more links not shown" in text
    assert "4940 more links not drawn" in text
