"""Who works with whom: networks, paths, connections, partners."""
