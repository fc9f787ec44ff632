"""The definition of what is asked."""
