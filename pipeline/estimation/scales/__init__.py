"""Scales: reliability, components and factors, from weighted or plain data."""
