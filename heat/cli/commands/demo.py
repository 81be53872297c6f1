"""``heat demo``: the invented company in this home."""

from datetime import UTC, datetime
from typing import Any

import click

from heat.cli import config_file
from heat.cli.base import Failure, HeatCommand, api, settings
from heat.cli.demo_home import load_demo, today_of_company
from heat.cli.output import json_option, print_json, say
from heat.demo.answers import Answers, answers

SEED = 7


@click.command(
    cls=HeatCommand,
    short_help="Fill this home with an invented company.",
    epilog="heat demo --home /tmp/heat-demo\nheat demo --answers --json",
)
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another company.")
@click.option("--answers", "only_answers", is_flag=True, help="Only tell what is planted in it.")
@json_option
def demo(seed: int, only_answers: bool, as_json: bool) -> None:
    """Fill this home with an invented company: 4 teams, 26 people, 120 days up to now.

    A later call adds only the days that are missing. The company keeps tags for 365 days and does
    not count weekends, holidays and days off against a streak; both are written to heat.toml
    unless it says otherwise. `heat refresh` then publishes the marts.
    """
    if only_answers:
        _tell(answers(seed, today_of_company(datetime.now(UTC))), {}, as_json=as_json)
        return
    prepare_demo_home()
    of = settings()
    with api(of) as client:
        loaded = load_demo(of.paths, client, seed)
    counts = {verdict.value: count for verdict, count in loaded.summary.counts.items()}
    _tell(loaded.company.answers, counts, as_json=as_json)


def prepare_demo_home() -> None:
    """Make the home, and set the demo's thresholds in its heat.toml."""
    home = settings().paths.init()
    config_file.write_template(home)
    try:
        added = config_file.add_demo_thresholds(home)
    except ValueError as error:
        wanted = "retention.days = 365 and streak.skipRestDays = true"
        raise Failure(f"{home.config_file}: add {wanted} by hand ({error})") from None
    if added:
        say(f"{home.config_file}: added {', '.join(added)}")


def _tell(sheet: Answers, counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        answer: dict[str, Any] = {"answers": sheet.as_json()}
        print_json({**answer, "tags": counts} if counts else sheet.as_json())
        return
    if counts:
        click.echo(f"{counts['stored']:,} new tags, {counts['duplicate']:,} were there already")
    for line in sheet.lines():
        click.echo(line)
