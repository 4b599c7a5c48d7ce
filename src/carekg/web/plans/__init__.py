"""Plans over HTTP: the form, the plan as a page, a document and JSON, and those that users keep."""
