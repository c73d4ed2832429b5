"""
What answers look like: HTML for notebooks. Nothing else in the library knows of it.
"""

from icatmapping.display.html import as_html

__all__ = ["as_html"]
