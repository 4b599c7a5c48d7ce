"""The page on which SPARQL is written: its form, its answers as people look at them, and what its script asks for."""
