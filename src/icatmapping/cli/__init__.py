"""The command line: arguments to a question, its answer to text, a table, a document or a file."""
