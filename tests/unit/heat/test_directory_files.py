"""users.csv and teams.csv: what becomes of a row, and how a mistake is named."""

from pathlib import Path

import pytest

from heat.cli.directory_files import DirectoryFileError, read_directory


def files(folder: Path, users: str, teams: str) -> tuple[Path, Path]:
    paths = folder / "users.csv", folder / "teams.csv"
    for path, text in zip(paths, (users, teams), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_only_what_a_row_says_is_written(tmp_path: Path) -> None:
    users, teams = files(
        tmp_path,
        "userId,team,displayName,timezone,email,shoe\nann,web,Ann,Europe/Berlin,,44\nbo,,,,,\n",
        "team,manager,name\nweb,cleo;dan,Web\n",
    )
    change = read_directory(users, teams)
    assert change.body["users"] == [
        {"userId": "ann", "displayName": "Ann", "timezone": "Europe/Berlin"},
        {"userId": "bo"},
    ]
    assert change.body["memberships"] == [{"userId": "ann", "teamId": "web"}]
    assert change.body["teams"] == [{"teamId": "web", "name": "Web"}]
    assert [one["userId"] for one in change.body["managers"]] == ["cleo", "dan"]


def test_holidays_are_dates_with_or_without_a_name(tmp_path: Path) -> None:
    users, teams = files(
        tmp_path,
        "userId,team\n",
        "team,manager,holidays\nweb,cleo,2026-12-25 Christmas Day; 2026-12-26\n",
    )
    assert read_directory(users, teams).body["holidays"] == [
        {"teamId": "web", "day": "2026-12-25", "name": "Christmas Day"},
        {"teamId": "web", "day": "2026-12-26"},
    ]


def test_a_team_that_only_users_name_comes_to_be(tmp_path: Path) -> None:
    users, _ = files(tmp_path, "userId,team\nann,web\nbo,web\n", "")
    assert read_directory(users, None).body["teams"] == [{"teamId": "web"}]


def test_every_mistake_is_named_with_file_line_and_column(tmp_path: Path) -> None:
    users, teams = files(
        tmp_path,
        "userId,team\nann,web\n,web\n",
        "team,manager,holidays\nweb,cleo,Christmas\n,dan,\n",
    )
    with pytest.raises(DirectoryFileError) as caught:
        read_directory(users, teams)
    assert caught.value.sentences == [
        f"{teams}, line 2, column holidays: Christmas does not begin with a date like 2026-12-25",
        f"{teams}, line 3, column team: is empty",
        f"{users}, line 3, column userId: is empty",
    ]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    users, _ = files(tmp_path, "userId,squad\nann,web\n", "")
    with pytest.raises(DirectoryFileError, match="line 1: column team is missing"):
        read_directory(users, None)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(b"userId,team\n\xff\xff,web\n")
    with pytest.raises(DirectoryFileError, match="no CSV in UTF-8"):
        read_directory(path, None)


def test_the_apis_word_for_a_field_is_told_as_file_line_and_column(tmp_path: Path) -> None:
    users, teams = files(
        tmp_path, "userId,team,timezone\nann,web,Mars/Olympus\n", "team,manager\nweb,cleo\n"
    )
    change = read_directory(users, teams)
    assert change.sentence("users[0].timezone", "must be a zone") == (
        f"{users}, line 2, column timezone: must be a zone"
    )
    assert change.sentence("memberships[0]", "overlaps").startswith(f"{users}, line 2, column team")
    assert change.sentence("managers[0].userId", "is odd").endswith("column manager: is odd")
    assert change.sentence("body", "is odd") == "body: is odd"
