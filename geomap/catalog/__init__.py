"""Read-only columns and spatial indexes in memory, one version at a time."""
