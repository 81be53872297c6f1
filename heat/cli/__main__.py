"""``python -m heat.cli``: the command line without its script, as the supervisor starts it."""

from heat.cli import main

main(prog_name="heat")
