from __future__ import annotations

from sigcheck.rules import find_all
from sigcheck.schema.policy import Policy

STEREO, MONO = {"axes": ["time", "channel"]}, {"axes": ["time"]}


def taken(step):
    told = {"loss": "irreversible", "assumption": "the mean of channel (axis 1) is what is meant", "axis": 1}
    return (step("mean", "float32[?, 1]", facts=STEREO, **told), step("squeeze", "float32[?]", facts=MONO, axis=1))


def test_what_would_accept_each_of_them_is_told(match, step):
    told = {
        one.rule: one
        for one in find_all(match("float32[?, 2]", "float32[?]", nearest=taken(step), gives=STEREO, wants=MONO))
    }
    found = told["reduced_axis"]
    assert found.level == "error"
    assert found.message == "channel (axis 1) has 2 entries, and the consumer no place for them"
    for name in ("mean", "sum", "first", "last"):
        assert f"with --allow {name}" in found.help
    assert "take the mean, with --allow mean" in found.help


def test_what_is_allowed_by_name_is_a_warning_and_told_once(match, step):
    policy = Policy(allow=("mean",))
    told = find_all(match("float32[?, 2]", "float32[?]", *taken(step), gives=STEREO, wants=MONO, policy=policy))
    assert [(one.level, one.rule) for one in told if one.rule != "rank_mismatch"] == [("warning", "reduced_axis")]
    policy = Policy(allow=("mean",), assume="error")
    told = find_all(match("float32[?, 2]", "float32[?]", *taken(step), gives=STEREO, wants=MONO, policy=policy))
    assert ("error", "reduced_axis") in [(one.level, one.rule) for one in told]


def colours(match, step, size=3, wanted="uint8[?, 8, 8, 1]", gives=None):
    taken = step("mean", "uint8[?, 8, 8, 1]", loss="irreversible", assumption="the mean is what is meant", axis=3)
    view = match(f"uint8[?, 8, 8, {size}]", wanted, nearest=(taken,), gives=gives or {})
    return next(one for one in find_all(view) if one.rule == "reduced_axis").help


def test_of_colours_the_orders_are_what_makes_them_grey(match, step):
    for size, order in ((3, "RGB"), (4, "RGBA")):
        facts = f"--fact producer.out.channel_order={order} and --fact consumer.x.channel_order=GRAY"
        assert colours(match, step, size).startswith(
            f"where they are colours, declare {facts} and allow it with --loss irreversible; or take the mean"
        )
    assert "channel_order" not in colours(match, step, 5)
    assert "channel_order" not in colours(match, step, gives={"axes": ["batch", "height", "width", "frame"]})
