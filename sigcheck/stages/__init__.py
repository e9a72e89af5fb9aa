"""Stages: read, declare, bind, plan, emit, verify, report; one file each, called in this order by `api.check`.

Each takes and gives frozen values. What runs many links (a chain, a project, a certificate) calls
the same stages for each of them.
"""
