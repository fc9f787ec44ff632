"""From an export as delivered to decoded responses."""
