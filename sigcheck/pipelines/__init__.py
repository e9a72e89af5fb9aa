"""Pipelines: models in a row, checked link by link, and written as one."""
