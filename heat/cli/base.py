"""What every command has: the home, the settings, the API, and sentences instead of tracebacks."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from heat import __version__
from heat.client import ApiError, Client
from heat.lock import LockHeldError
from heat.settings import Settings, SettingsError, load_settings

_HOME_HELP = "Folder that HEAT lives in; also the environment variable HEAT_HOME."


class Failure(click.ClickException):
    """A command's sentence for a person: what happened, where, what to do."""

    def show(self, file: Any = None) -> None:
        """Print the sentence, without the noise around it."""
        click.echo(f"heat: {self.format_message()}", file=file, err=file is None)


class HeatCommand(click.Command):
    """A command that knows ``--home`` and ends in a sentence when it fails."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_home_option())

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; what a user can cause becomes a :class:`Failure`."""
        with sentences():
            return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, as they are typed."""
        _write_examples(self, formatter)


class HeatGroup(click.Group):
    """A group of such commands."""

    command_class = HeatCommand
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_home_option())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order in which they are needed."""
        return list(self.commands)


def _write_examples(command: click.Command, formatter: click.HelpFormatter) -> None:
    if command.epilog:
        with formatter.section("Examples"):
            for line in command.epilog.strip().splitlines():
                formatter.write_text(line.strip())


def version_option() -> click.Option:
    """``--version``: print it and stop."""

    def show(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
        if asked:
            click.echo(f"heat {__version__}")
            ctx.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show,
        help="Show the version and exit.",
    )  # fmt: skip


def _home_option() -> click.Option:
    def remember(ctx: click.Context, _option: click.Parameter, home: Path | None) -> None:
        if home is not None:
            ctx.find_root().meta["heat.home"] = home

    return click.Option(
        ["--home"], type=click.Path(path_type=Path), expose_value=False, callback=remember,
        help=_HOME_HELP,
    )  # fmt: skip


def settings() -> Settings:
    """The settings of the home that the command speaks of, read anew."""
    home: Path | None = click.get_current_context().find_root().meta.get("heat.home")
    return load_settings(home)


def initialised() -> Settings:
    """The settings of a home that exists.

    :raises Failure: if ``heat init`` has not been there.
    """
    found = settings()
    if not found.paths.is_initialised():
        raise Failure(f"{found.home} is not a HEAT home yet: run `heat init`")
    return found


@contextmanager
def quieter(name: str, level: int) -> Iterator[None]:
    """Let a logger speak from ``level`` on only: a command has its own words."""
    log = logging.getLogger(name)
    before = log.level
    log.setLevel(level)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def api_url(of: Settings) -> Iterator[str]:
    """Where the API of a home answers: the running one, else one for this command.

    :raises Failure: if somebody holds the landing store and does not answer.
    """
    import duckdb

    from ingest_api.landing.schema import LandingVersionError
    from ingest_api.local import running_api
    from ingest_api.server import CannotServeError

    try:
        with quieter("heat", logging.WARNING), running_api(of) as url:
            yield url
    except (CannotServeError, LandingVersionError) as error:
        raise Failure(str(error)) from None
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise Failure(f"{of.paths.landing_file} cannot be used: {reason}") from None


@contextmanager
def api(of: Settings, *, timeout: float = 120.0) -> Iterator[Client]:
    """The API of a home, with the home's own token."""
    with api_url(of) as url, Client(url, of.paths.service_token(), timeout=timeout) as client:
        yield client


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what a user can cause into one sentence."""
    try:
        yield
    except ApiError as error:
        raise Failure(api_sentence(error)) from None
    except (SettingsError, LockHeldError) as error:
        raise Failure(str(error)) from None
    except BrokenPipeError:
        raise  # whoever read the output has seen enough: click ends quietly
    except OSError as error:
        raise Failure(_os_sentence(error)) from None


def api_sentence(error: ApiError) -> str:
    """An API's refusal as one sentence, with the fields it names.

    >>> api_sentence(ApiError(400, "bad", "cannot be", [{"field": "role", "reason": "is odd"}]))
    'cannot be (role: is odd)'
    """
    fields = [f"{wrong.get('field')}: {wrong.get('reason')}" for wrong in error.errors[:5]]
    new = [field for field in fields if field not in str(error)]
    return f"{error} ({'; '.join(new)})" if new else str(error)


def _os_sentence(error: OSError) -> str:
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    if error.filename is None:
        return reason
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{error.filename}: {reason}; a folder is needed there"
    return f"{error.filename}: {reason}"
