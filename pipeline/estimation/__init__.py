"""Estimates with design-based standard errors, and comparisons of them."""
