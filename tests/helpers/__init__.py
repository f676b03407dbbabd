"""What several tests need; found by `pythonpath` in pyproject.toml."""
