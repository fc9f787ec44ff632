"""Interface words: ``zh.toml`` and ``en.toml`` hold the same keys."""
