"""Regression under a sample design: linear, generalised, ordinal; tests, margins, drivers."""
