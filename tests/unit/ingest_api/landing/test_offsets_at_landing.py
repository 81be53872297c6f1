"""Where a tag's UTC offset comes from, and the local day that follows from it."""

import pytest

# 2026-10-24 23:30 UTC: summer time in Berlin (+120) ends that night
SUMMER = 1_792_884_600_000
WINTER = SUMMER + 86_400_000


@pytest.fixture
def landed(landing):
    def rows():
        return (
            landing.cursor()
            .execute(
                "select tz_offset_min, offset_source, local_day::varchar from ops.tag_events "
                "order by seq"
            )
            .fetchall()
        )

    return rows


def _directory(service, zone=None, team_zone=None):
    body = {
        "users": [{"userId": "ann@example.org", "timezone": zone}],
        "teams": [{"teamId": "core", "timezone": team_zone}],
        "memberships": [{"userId": "ann@example.org", "teamId": "core"}] if team_zone else [],
    }
    assert service.send("PUT", "/api/v1/directory", json=body).status_code == 200


def test_the_offset_that_the_client_sends_wins(ann, tag, service, landed):
    _directory(service, zone="Europe/Berlin")
    ann.upload(tag(timestamp=SUMMER, tzOffsetMin=-600))
    assert landed() == [(-600, "client", "2026-10-24")]


def test_without_one_the_persons_zone_counts_with_its_summer_time(ann, tag, service, landed):
    _directory(service, zone="Europe/Berlin", team_zone="Asia/Kolkata")
    ann.upload(tag(timestamp=SUMMER, tzOffsetMin=None), tag(timestamp=WINTER, tzOffsetMin=None))
    assert landed() == [(120, "user", "2026-10-25"), (60, "user", "2026-10-26")]


def test_without_a_zone_of_ones_own_the_teams_counts(ann, tag, service, landed):
    _directory(service, team_zone="Asia/Kolkata")
    ann.upload(tag(timestamp=SUMMER, tzOffsetMin=None))
    assert landed() == [(330, "team", "2026-10-25")]


def test_without_any_zone_it_is_utc(ann, tag, landed):
    ann.upload(tag(timestamp=SUMMER, tzOffsetMin=None))
    assert landed() == [(0, "utc", "2026-10-24")]


def test_a_zone_that_changes_later_does_not_move_days_that_landed(ann, tag, service, landed):
    ann.upload(tag(timestamp=SUMMER, tzOffsetMin=None))
    _directory(service, zone="Europe/Berlin")
    assert landed() == [(0, "utc", "2026-10-24")]
