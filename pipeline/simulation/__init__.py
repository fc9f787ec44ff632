"""Planted truths to raw files: a fictitious survey in which the right answers are known."""
