"""What keeps private data out: masking of texts, and the export columns that never come in."""
