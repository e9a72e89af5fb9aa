"""Verification: adapters are proved in a worker process, and never more is claimed than was run."""
