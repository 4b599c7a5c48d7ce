"""Users in a browser: ``sessions`` with the tokens of forms, the ``door`` at which passwords are tried, ``pages``."""
