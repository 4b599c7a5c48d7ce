"""Sheets in the browser: a template to fill in, an upload, what it would change, and the change; no script needed."""
