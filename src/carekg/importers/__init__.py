"""What other people's files become in the graph, a package for each kind of file: each file is one or more changes."""
