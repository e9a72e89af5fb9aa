"""Parts of reports: what several formats share."""
