"""``python -m carekg``."""

from carekg.cli import main

main(prog_name="carekg")
