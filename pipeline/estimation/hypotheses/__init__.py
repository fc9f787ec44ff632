"""Cross-tabulations and tests under a sample design, and sizes of effects."""
