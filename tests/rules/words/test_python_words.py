from __future__ import annotations

import pytest

from sigcheck.rules.words.option import BESIDE, OR_BY_BOTH
from sigcheck.rules.words.python_words import in_python


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
            "--fact producer.x.axes=a,b and",
            'facts={"producer": {"x": {"axes": ["a", "b"]}}} and',
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
        (f"none; {BESIDE}, or", "none; name another producer beside it, in a list of both, or"),
        (f"pass it on with --bind a.m=m{OR_BY_BOTH}a b -- c", 'pass it on with bind={"a.m": "m"}'),
        ("--bind 'p=q", "--bind 'p=q"),
    ],
)
def test_options_become_keywords(told, meant):
    assert in_python(told) == meant


def test_a_cure_is_the_keywords_of_one_call():
    from sigcheck.rules.words.option import cures
    from sigcheck.rules.words.python_words import as_arguments
    from sigcheck.schema.policy import Policy

    told = (
        "--bind y=p --bind y=q and --fact producer.y.range=0,1 and --fact producer.y.meaning=pixels and --loss exact"
        " and --allow pad and --allow crop and --loss p=truncating and --map and --pad-value 0"
    )
    (way,) = cures(told)
    written = as_arguments(option for _, option in way)
    read = eval(f"dict({written})", {"Policy": Policy})
    assert read["bind"] == {"y": ["p", "q"]}
    assert read["facts"] == {"producer": {"y": {"range": [0, 1], "meaning": "pixels"}}}
    assert read["map"] is True
    policy = read["policy"]
    assert (policy.loss, tuple(policy.allow), policy.pad_value) == ("exact", ("pad", "crop"), 0)
    assert dict(policy.losses) == {"p": "truncating"}
