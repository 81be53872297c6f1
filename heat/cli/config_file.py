"""``heat.toml``: the file that ``heat init`` writes, and what the demo adds to one."""

import tomllib
from typing import Any

from heat.home import Home, replace_file

TEMPLATE = """\
# Settings of this HEAT. What is commented out is the default.
# The environment wins over this file: HEAT_API_PORT=8040, HEAT_THRESHOLDS__RETENTION__DAYS=365.

# Addresses. Only this machine is served: 127.0.0.1, ::1 or localhost.
# api_host = "127.0.0.1"
# api_port = 8040
# app_host = "127.0.0.1"
# app_port = 8501
# dagster_port = 3070

# How people sign in to the app: with their token, or (demo data only) as anybody.
# app_sign_in = "token"

# log_level = "INFO"

# Thresholds are starting values; what is set through the API later wins over them.

# A weekend, a holiday or a day off does not end a streak. Off is the plain definition.
# [thresholds.streak]
# skipRestDays = true

# Days that person-level rows are kept; 0 keeps them.
# [thresholds.retention]
# days = 90

# [thresholds.busFactor]
# windowDays = 90
"""

DEMO_THRESHOLDS: dict[str, dict[str, Any]] = {
    "retention": {"days": 365},
    "streak": {"skipRestDays": True},
}


def write_template(home: Home) -> bool:
    """Write ``heat.toml`` if there is none.

    :returns: whether it was written.
    """
    if home.config_file.exists():
        return False
    replace_file(home.config_file, TEMPLATE)
    return True


def add_demo_thresholds(home: Home) -> list[str]:
    """Set the demo's thresholds where the file says nothing about them.

    :returns: the keys that were added.
    :raises ValueError: if the file is no TOML.
    """
    text = home.config_file.read_text(encoding="utf-8")
    known = tomllib.loads(text).get("thresholds", {})
    added = []
    for group, values in DEMO_THRESHOLDS.items():
        for key, value in values.items():
            if key not in known.get(group, {}):
                text = _with(text, group, key, "true" if value is True else str(value))
                added.append(f"{group}.{key}")
    if added:
        tomllib.loads(text)  # a file that cannot be read again is never written
        replace_file(home.config_file, text)
    return added


def _with(text: str, group: str, key: str, value: str) -> str:
    """``text`` with one more value, in its table if the table is there."""
    header = f"[thresholds.{group}]"
    lines = text.splitlines()
    if header in lines:
        lines.insert(lines.index(header) + 1, f"{key} = {value}")
        return "\n".join(lines) + "\n"
    return f"{text.rstrip()}\n\n{header}\n{key} = {value}\n"
