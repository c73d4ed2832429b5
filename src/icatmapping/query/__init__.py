"""Asking a dataset: dimensions, names, criteria, collections."""
