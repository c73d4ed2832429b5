"""The files of a data package: read, checked, laid over each other, written."""
