"""
The mapping in the forms of other tools. Nothing here is imported until it is asked for.
"""
