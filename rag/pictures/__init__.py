"""Pictures as such: opened, compared, read."""
