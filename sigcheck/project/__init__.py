"""A project: all models and links of a config, read, planned, proved and judged together."""
