"""Questionnaires from files that exist: one module per format."""
