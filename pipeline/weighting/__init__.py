"""Weights: calibration to population counts, and what it did."""
