"""The deterministic demonstration city."""
