"""Settings of one HEAT: one typed class, read from the environment and ``heat.toml``.

The environment wins over the file, the file over the defaults. Thresholds given here are
defaults only: values stored through the API win over them.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from heat.home import Home
from heat.thresholds import Thresholds

DEFAULT_HOME = Path(__file__).resolve().parent.parent / "data" / "home"

Port = Annotated[int, Field(ge=0, le=65535)]


class SettingsError(ValueError):
    """A setting that cannot be: one sentence that names the key and the way out."""


class Settings(BaseSettings):
    """Every setting, its default and its bounds.

    Environment: ``HEAT_`` + name, levels joined by ``__``, upper case
    (``HEAT_API_PORT=8040``, ``HEAT_THRESHOLDS__RETENTION__DAYS=0``). File: ``heat.toml`` in the
    home, with the same names (``api_port = 8040``, ``[thresholds.retention]``).

    >>> Settings(home=Path("/srv/heat")).api_port
    8040
    """

    model_config = SettingsConfigDict(
        env_prefix="HEAT_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
    )

    home: Path = DEFAULT_HOME
    api_host: str = "127.0.0.1"
    api_port: Port = 8040
    api_threads: Annotated[int, Field(ge=1, le=64)] = 8
    app_host: str = "127.0.0.1"
    app_port: Port = 8501
    app_sign_in: Literal["demo", "token"] = "token"
    dagster_port: Port = 3070
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    thresholds: Thresholds = Thresholds()

    @field_validator("api_host", "app_host")
    @classmethod
    def _loopback_only(cls, host: str) -> str:
        if host != "localhost" and not _is_loopback(host):
            raise ValueError("only loopback addresses are served (127.0.0.1, ::1, localhost)")
        return host

    @property
    def paths(self) -> Home:
        """The home's folders and files."""
        return Home(self.home)

    @property
    def api_url(self) -> str:
        """Where the API listens once it runs."""
        host = f"[{self.api_host}]" if ":" in self.api_host else self.api_host
        return f"http://{host}:{self.api_port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the home's ``heat.toml``."""
        home = Path(init_settings().get("home") or os.environ.get("HEAT_HOME") or DEFAULT_HOME)
        file = TomlConfigSettingsSource(settings_cls, toml_file=Home(home).config_file)
        return (init_settings, env_settings, file)


def load_settings(home: Path | None = None) -> Settings:
    """Read the settings of one home.

    :param home: the home; without it ``HEAT_HOME``, else ``data/home`` of this checkout.
    :raises SettingsError: one sentence naming the key, for a value that cannot be.
    """
    given: dict[str, Any] = {} if home is None else {"home": home.resolve()}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(
            f"setting {key}: {reason} (from heat.toml or {_variable(key)})"
        ) from None
    except ValueError as error:
        raise SettingsError(f"heat.toml cannot be read: {error}") from None


def _variable(key: str) -> str:
    return "HEAT_" + key.replace(".", "__").upper()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
