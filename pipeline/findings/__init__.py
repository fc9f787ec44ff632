"""What was found: sentences carried by published figures, each with its grade."""
