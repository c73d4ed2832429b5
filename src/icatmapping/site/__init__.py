"""
The explorer: a static site that shows a mapping to people who write no Python, made from the library's own answers.
"""
