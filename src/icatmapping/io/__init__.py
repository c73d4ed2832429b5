"""Readers and writers, a file per format."""
