"""What knows nothing of the mapping: text, frames, files, arguments."""
