"""What answers look like: HTML for notebooks, text for a terminal."""
