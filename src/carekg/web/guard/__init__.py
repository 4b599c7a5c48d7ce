"""What stands around every request: limits, headers, counts, the log, and whether the server is well."""
