"""What the mapping is made of: records, their fields, the vocabularies, countries."""
