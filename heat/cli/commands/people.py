"""``heat directory`` and ``heat token``: who there is, and who may ask."""

from pathlib import Path
from typing import Any

import click

from heat.cli.base import Failure, HeatCommand, HeatGroup, api, api_sentence, initialised
from heat.cli.directory_files import DirectoryFileError, read_directory
from heat.cli.output import json_option, print_json, print_table, say
from heat.client import ApiError
from heat.vocabulary import Role

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=HeatGroup, short_help="Load people and teams.")
def directory() -> None:
    """People and teams."""


@directory.command(
    "load",
    cls=HeatCommand,
    epilog="heat directory load --users users.csv --teams teams.csv --dry-run\n"
    "heat directory load --users users.csv --teams teams.csv",
)
@click.option("--users", type=_FILE, help="CSV: userId,team[,displayName,timezone,email]")
@click.option("--teams", type=_FILE, help="CSV: team,manager[,name,timezone,holidays,visibility]")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@json_option
def load(users: Path | None, teams: Path | None, dry_run: bool, as_json: bool) -> None:
    """Load people and teams from CSV files.

    Other columns are ignored. What the files do not name stays as it is; a membership without
    dates holds for all time. Several managers or holidays are separated by semicolons, a holiday
    is a date and its name: 2026-12-25 Christmas.
    """
    if users is None and teams is None:
        raise click.UsageError("name --users, --teams or both")
    of = initialised()
    try:
        change = read_directory(users, teams)
    except DirectoryFileError as error:
        raise Failure("\n".join(error.sentences[:20])) from None
    with api(of) as client:
        try:
            answer = client.put_directory(change.body, dry_run=dry_run)
        except ApiError as error:
            if not error.errors:
                raise
            named = [change.sentence(one["field"], one["reason"]) for one in error.errors[:20]]
            raise Failure("\n".join(named)) from None
    if as_json:
        print_json(answer)
        return
    columns = ("added", "changed", "removed")
    rows = [(part, *(counts[key] for key in columns)) for part, counts in answer["changes"].items()]
    print_table(["would change" if dry_run else "changed", *columns], rows)
    if dry_run:
        say("nothing was written")


@click.group(cls=HeatGroup, short_help="Make, list and revoke tokens.")
def token() -> None:
    """Tokens: the keys with which people, programs and the extension ask."""


@token.command(
    "create",
    cls=HeatCommand,
    epilog="heat token create --user ann@example.org --role developer\n"
    "TOKEN=$(heat token create --user bot --role service --json | jq -r .token)",
)
@click.option("--user", required=True, help="Whose token it is; an unknown user is created.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="developer")
@click.option("--label", help="What it is for, to tell it from others.")
@click.option("--expires-in-days", type=click.IntRange(1, 3_660), help="Default: never.")
@json_option
def create(
    user: str, role: str, label: str | None, expires_in_days: int | None, as_json: bool
) -> None:
    """Make a token and print it, this once.

    The role is the most it may be used for; rights are never more than the person's own.
    """
    with api(initialised()) as client:
        made = client.create_token(user, role, label=label, expires_in_days=expires_in_days)
    if as_json:
        print_json(made)
        return
    click.echo(made["token"])
    say(f"a {made['role']}'s token for {made['userId']}; it is not shown again")


@token.command("list", cls=HeatCommand, epilog="heat token list\nheat token list --json")
@json_option
def list_tokens(as_json: bool) -> None:
    """Every token, newest first, without its secret."""
    with api(initialised()) as client:
        listed = client.tokens()
    if as_json:
        print_json({"tokens": listed})
        return
    columns = ["prefix", "user", "role", "label", "created", "expires", "last use", "state"]
    print_table(columns, [_row(one) for one in listed])


@token.command("revoke", cls=HeatCommand, epilog="heat token revoke 349c6ebc")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Revoke a token by its prefix, the part between the underscores."""
    with api(initialised()) as client:
        try:
            client.revoke_token(prefix)
        except ApiError as error:
            if error.status != 404:
                raise Failure(api_sentence(error)) from None
            raise Failure(f"there is no token {prefix}; see `heat token list`") from None
    say(f"{prefix} is revoked")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    def day(key: str, otherwise: str) -> str:
        return str(one[key] or otherwise)[:10]

    return (
        one["prefix"],
        one["userId"],
        one["role"],
        one["label"],
        day("createdAt", ""),
        day("expiresAt", "never"),
        day("lastUsedAt", "never"),
        "revoked" if one["revokedAt"] else "valid",
    )
