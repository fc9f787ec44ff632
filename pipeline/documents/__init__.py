"""Primitives for web pages and workbooks; nothing in here knows of surveys."""
