from __future__ import annotations

import json

from sigcheck.verification.job import Job


def test_a_job_survives_the_way_to_the_worker(make_job):
    job = make_job(
        "float32[?, 16]",
        "float16[?, 16]",
        [("scale", {}), ("cast", {})],
        provided_facts={"range": (30000, 110000)},
        required_facts={"range": (0, 1)},
    )
    read = Job.model_validate(json.loads(json.dumps(job.to_dict())))
    assert read.source == job.source
    assert read.provided == job.provided
    assert [str(step) for step in read.bindings[0].plan.steps] == [str(step) for step in job.bindings[0].plan.steps]
    assert read.bindings[0].plan.cost == job.bindings[0].plan.cost


def test_only_the_plan_of_a_binding_is_sent(make_job):
    job = make_job("float32[?, 10]", "float32[?, 1, 10]", [("expand_dims", {"axis": 1})])
    binding = job.bindings[0].model_copy(update={"alternatives": (job.bindings[0].plan,) * 3})
    sent = job.model_copy(update={"bindings": (binding,)}).to_dict()["bindings"][0]
    assert set(sent) == {"provided", "required", "verdict", "provided_spec", "required_spec", "plan"}


def test_a_failure_of_the_whole_adapter_names_what_it_feeds(make_job):
    assert make_job("float32[?]", "float32[?]").place == "x"
