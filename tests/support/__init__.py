"""
What the tests share: drawn mappings, the plain reading that expectations come from, large and damaged packages.
"""
