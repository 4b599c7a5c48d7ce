"""What changed, for those who keep a copy: a Linked Data Event Stream and Atom."""
