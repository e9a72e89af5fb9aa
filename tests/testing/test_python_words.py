from __future__ import annotations

import pytest

from sigcheck.testing.python_words import in_python


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("nothing to do", "nothing to do"),
        ("say which with --bind p=q", 'say which with bind={"p": "q"}'),
        ("with --bind 'a b=q'; else", 'with bind={"a b": "q"}; else'),
        ("--loss truncating, or leave it", 'policy=Policy(loss="truncating"), or leave it'),
        ("allow it with --allow guard_ids", 'allow it with policy=Policy(allow=("guard_ids",))'),
        ("cast (leave out --deny cast)", 'cast (leave out policy=Policy(deny=("cast",)))'),
        ("guards (leave out --no-guard)", "guards (leave out policy=Policy(guard=False))"),
        (
            "declare --fact producer.x.range=-1,1.",
            'declare facts={"producer": {"x": {"range": [-1, 1]}}}.',
        ),
        (
            "--fact producer.x.axes=NAME,NAME,... and",
            'facts={"producer": {"x": {"axes": ["NAME", "NAME", "..."]}}} and',
        ),
        (
            """--fact 'consumer.q.r.padding={"value":0}'""",
            'facts={"consumer": {"q.r": {"padding": {"value": 0}}}}',
        ),
        (
            "so with --bind 'split(a, axis=1)=x' --bind 'split(a, axis=1)=y'",
            'so with bind={"split(a, axis=1)": ["x", "y"]}',
        ),
        ("with --bind a=x --bind b=y", 'with bind={"a": "x"} bind={"b": "y"}'),
        ("does, with --example PAIR.npz", 'does, with example="PAIR.npz"'),
        ("--fact x.y", "--fact x.y"),
        ("--bind 'p=q", "--bind 'p=q"),
    ],
)
def test_options_become_keywords(told, meant):
    assert in_python(told) == meant
