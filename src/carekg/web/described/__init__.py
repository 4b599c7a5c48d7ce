"""What the server tells of its graph and of itself: VoID, dumps, examples, OpenAPI."""
