"""``heat init`` and ``heat status``: a home, and how it is."""

import click

from heat.cli import config_file
from heat.cli.base import HeatCommand, api, initialised, settings
from heat.cli.output import json_option, print_json, print_table, say
from heat.cli.state import State, look_at


@click.command(
    cls=HeatCommand,
    short_help="Make a home for HEAT's files.",
    epilog="HEAT_HOME=~/heat heat init\nheat init --home /srv/heat",
)
@json_option
def init(as_json: bool) -> None:
    """Make a home: its folders, its own token and a commented heat.toml.

    Asks nothing; a second call changes nothing; other files in the folder are left alone.
    """
    home = settings().paths
    was_there = home.is_initialised()
    home.init()
    wrote = config_file.write_template(home)
    if as_json:
        print_json({"home": str(home.root.resolve()), "new": not was_there, "wroteConfig": wrote})
        return
    made = "is a HEAT home already" if was_there else "is a HEAT home now"
    say(f"{home.root.resolve()} {made}; settings: {home.config_file.name}")
    if not was_there:
        say("next: heat up, or heat up --demo to look around with invented data")


@click.command(
    cls=HeatCommand,
    short_help="How it is, and what to do about it.",
    epilog="heat status\nheat status --json | jq .problems",
)
@json_option
def status(as_json: bool) -> None:
    """Ledger, freshness, snapshot, last run, processes; problems and what to do."""
    of = initialised()
    before = look_at(of)
    with api(of) as client:
        state = before.with_answer(client.status())
    if as_json:
        print_json(state.as_json())
    else:
        _print(state)


def _print(state: State) -> None:
    click.echo(f"home      {state.home}")
    for name, line in state.lines():
        click.echo(f"{name:<9} {line}")
    click.echo()
    print_table(["ledger", "tags"], list(state.ledger.items()))
    click.echo()
    if not state.problems:
        click.echo("no problems")
    for problem in state.problems:
        click.echo(f"problem: {problem.what}\n  do: {problem.do}")
