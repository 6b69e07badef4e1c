"""Many projects, one allocation."""
