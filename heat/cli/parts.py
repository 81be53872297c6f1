"""The parts of a running HEAT, as children for the supervisor: how each is started and asked."""

import os
import socket
import sys
from pathlib import Path

from heat.cli.base import Failure
from heat.settings import Settings
from heat.supervisor import Child

API, APP, CODE_SERVER, DAEMON = "API", "app", "code server", "daemon"

_DAEMON_IS_UP = "Instance is configured with the following daemons"
"""The daemon has no address to ask; it says this when its threads begin."""


def with_free_ports(settings: Settings, *, lean: bool) -> Settings:
    """The settings with every port decided: 0 becomes a free one.

    :raises Failure: naming the setting of a port that is taken.
    """
    ports: dict[str, int] = {}
    wanted = {"api_port": settings.api_host, "app_port": settings.app_host}
    if not lean:
        wanted["dagster_port"] = "127.0.0.1"
    for name, host in wanted.items():
        ports[name] = _claim(name, host, getattr(settings, name))
    return settings.model_copy(update=ports)


def environment(settings: Settings) -> dict[str, str]:
    """What the children must agree on, whatever heat.toml says."""
    return {
        **os.environ,
        "HEAT_HOME": str(settings.home.resolve()),
        "HEAT_API_HOST": settings.api_host,
        "HEAT_API_PORT": str(settings.api_port),
        "HEAT_APP_HOST": settings.app_host,
        "HEAT_APP_PORT": str(settings.app_port),
        "HEAT_APP_SIGN_IN": settings.app_sign_in,
        "HEAT_DAGSTER_PORT": str(settings.dagster_port),
    }


def api_child(settings: Settings) -> Child:
    """The API; the last to be ended, since the others ask it until their end."""
    return Child(
        API,
        (sys.executable, "-m", "heat.cli", "serve", "api"),
        _log(settings, "api"),
        env=environment(settings),
        ready_url=f"{settings.api_url}/readyz",
        ends_last=True,
    )


def app_child(settings: Settings) -> Child:
    """The app."""
    return Child(
        APP,
        (sys.executable, "-m", "analytics_app.server"),
        _log(settings, "app"),
        env=environment(settings),
        ready_url=f"{app_url(settings)}/_stcore/health",
    )


def refresh_child(settings: Settings) -> Child:
    """One run of the pipeline; it ends by itself."""
    return Child(
        "refresh",
        (sys.executable, "-m", "heat.cli", "refresh"),
        _log(settings, "refresh"),
        env=environment(settings),
        ends_itself=True,
    )


def orchestrator_children(settings: Settings, *, lean: bool) -> list[Child]:
    """Dagster's processes, the code server first: the others ask it as they start."""
    from orchestration.instance import processes, write_instance

    write_instance(settings)
    children: list[Child] = []
    for process in processes(settings, lean=lean):
        first = not children
        children.append(
            Child(
                process.name,
                process.argv,
                _log(settings, process.name.replace(" ", "-")),
                env={**process.env, **environment(settings)},
                cwd=process.cwd,
                ready_url=process.ready_url,
                ready_file=process.ready_file,
                ready_words=_DAEMON_IS_UP if process.name == DAEMON else None,
                after=() if first else (children[0].name,),
            )
        )
    return children


def app_url(settings: Settings) -> str:
    """Where the app answers."""
    host = f"[{settings.app_host}]" if ":" in settings.app_host else settings.app_host
    return f"http://{host}:{settings.app_port}"


def dagster_url(settings: Settings) -> str:
    """Where Dagster's pages are."""
    return f"http://127.0.0.1:{settings.dagster_port}"


def _log(settings: Settings, name: str) -> Path:
    return settings.paths.logs.resolve() / f"{name}.log"


def _claim(name: str, host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # as servers do: a port whose last connections are closing is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            variable = f"HEAT_{name.upper()}"
            raise Failure(
                f"port {port} on {host} cannot be used ({(error.strerror or '?').lower()}); "
                f"set {name} in heat.toml or {variable} to another one"
            ) from None
        bound: int = probe.getsockname()[1]
        return bound
