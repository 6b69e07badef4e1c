"""Targets, progress, evaluation, lifecycle."""
