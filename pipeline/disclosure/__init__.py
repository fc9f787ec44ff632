"""What may be published about small groups, and the proof that nothing else was."""
