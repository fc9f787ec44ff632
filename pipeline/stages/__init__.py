"""The stages: each reads, makes one or two calls, and writes."""
