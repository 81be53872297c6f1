"""heat.toml: written once, and the demo's thresholds added where nothing is said."""

import tomllib
from pathlib import Path

import pytest

from heat.cli.config_file import add_demo_thresholds, write_template
from heat.home import Home
from heat.settings import Settings, load_settings


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).init()


def test_the_template_says_only_what_is_the_default(home: Home) -> None:
    assert write_template(home)
    assert load_settings(home.root).model_dump(exclude={"home"}) == Settings(
        home=Path("/nowhere")
    ).model_dump(exclude={"home"})


def test_every_example_in_the_template_is_a_setting_that_can_be(home: Home) -> None:
    write_template(home)
    lines = home.config_file.read_text().splitlines()
    examples = (line.removeprefix("# ") for line in lines if " = " in line or line[2:3] == "[")
    home.config_file.write_text("\n".join(line for line in examples if "HEAT_" not in line))
    assert load_settings(home.root).thresholds.streak.skipRestDays


def test_a_file_that_is_there_is_left_alone(home: Home) -> None:
    home.config_file.write_text("api_port = 9000\n")
    assert not write_template(home)
    assert home.config_file.read_text() == "api_port = 9000\n"


def test_the_demo_adds_its_thresholds_once(home: Home) -> None:
    write_template(home)
    assert add_demo_thresholds(home) == ["retention.days", "streak.skipRestDays"]
    assert add_demo_thresholds(home) == []
    thresholds = load_settings(home.root).thresholds
    assert (thresholds.retention.days, thresholds.streak.skipRestDays) == (365, True)


def test_the_demo_keeps_what_the_file_says(home: Home) -> None:
    home.config_file.write_text(
        "[thresholds.retention]\ndays = 200\n\n[thresholds.streak]\nwarningDays = 4\n"
    )
    assert add_demo_thresholds(home) == ["streak.skipRestDays"]
    found = tomllib.loads(home.config_file.read_text())["thresholds"]
    assert found == {
        "retention": {"days": 200},
        "streak": {"warningDays": 4, "skipRestDays": True},
    }


def test_a_file_that_would_be_broken_by_the_addition_is_not_written(home: Home) -> None:
    text = "[thresholds.streak] # ours\nwarningDays = 4\n"
    home.config_file.write_text(text)
    with pytest.raises(ValueError, match="streak"):
        add_demo_thresholds(home)
    assert home.config_file.read_text() == text
