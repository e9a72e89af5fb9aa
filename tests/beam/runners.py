"""Beam's own runners, as people name them behind the `--`."""

from __future__ import annotations

RUNNERS = {
    "direct": ["--runner=DirectRunner"],
    "two threads": ["--runner=DirectRunner", "--direct_num_workers=2", "--direct_running_mode=multi_threading"],
    "two processes": ["--runner=DirectRunner", "--direct_num_workers=2", "--direct_running_mode=multi_processing"],
    "portable": ["--runner=PortableRunner", "--job_endpoint=embed", "--environment_type=LOOPBACK"],
}
