"""The answers made of the others: a State's entry point for co-operation."""
