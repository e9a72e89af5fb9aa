"""Rules of a project: one kind of fault of a config, its lock and its adapters per file."""
