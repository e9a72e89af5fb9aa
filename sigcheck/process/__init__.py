"""Worker processes: what runs adapters and models, with walls around it where the system has them."""
