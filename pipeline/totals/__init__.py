"""The additive kernel: variance units of a design, and weighted totals that add."""
