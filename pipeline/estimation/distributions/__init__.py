"""Quantiles, distribution functions and variances."""
