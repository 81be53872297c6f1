"""The UTC offset of a tag: its own, else the person's zone, else the team's, else UTC.

Resolved once, when the tag lands, and kept with where it came from: a zone corrected later
does not move days that people have already seen.
"""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest_api.landing.directory import Directory

CLIENT, USER, TEAM, UTC_ = "client", "user", "team", "utc"


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """A zone of the time zone database, or ``None`` if there is none of that name.

    >>> zone("Europe/Berlin").key, zone("Mars/Olympus")
    ('Europe/Berlin', None)
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def resolve(
    directory: Directory, user_id: str, timestamp_ms: int, sent: int | None
) -> tuple[int, str]:
    """Offset of a tag in minutes east of UTC, and its source.

    :param timestamp_ms: epoch milliseconds of the tag.
    :param sent: the offset that the client sent, if any.
    """
    if sent is not None:
        return sent, CLIENT
    moment = datetime.fromtimestamp(timestamp_ms / 1000, UTC)
    user = directory.users.get(user_id)
    if user is not None and user.timezone and (own := zone(user.timezone)):
        return _minutes(own, moment), USER
    team_id = directory.team_on(user_id, moment.date())
    team = directory.teams.get(team_id) if team_id else None
    if team is not None and (theirs := zone(team.timezone)):
        return _minutes(theirs, moment), TEAM
    return 0, UTC_


def _minutes(where: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(where).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0
