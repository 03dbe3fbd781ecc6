"""The texts that models get: one Markdown file each, read by `rag.prompts`."""
