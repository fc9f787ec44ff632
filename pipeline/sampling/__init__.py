"""Frames, auditable draws, dispositions, and how a response belongs to a sampled unit."""
