"""The API as a process: who owns landing, how it ends, what it survives."""

import http.client
import socket
import stat
import subprocess
import time
from urllib.parse import urlsplit

import duckdb
import httpx
import pytest

from heat.client import ApiError, Client
from heat.home import Home
from heat.lock import OwnerLock, holder_of
from heat.settings import Settings
from ingest_api.landing import Landing
from ingest_api.landing.schema import LandingVersionError
from ingest_api.local import running_api
from ingest_api.server import CannotServeError, owned_landing

TAG = {"taskId": "HEAT-1", "workType": "Bug", "intensity": 4}


@pytest.fixture
def settings(home: Home) -> Settings:
    return Settings(home=home.root)


def test_a_command_without_a_running_api_serves_the_real_one_meanwhile(settings):
    with running_api(settings) as url, Client(url, settings.paths.service_token()) as client:
        assert client.head()["seq"] == 0
        holder = holder_of(settings.paths.owner_lock)
        assert holder is not None
        assert holder["url"] == url
        with running_api(settings) as other:
            assert other == url
    assert holder_of(settings.paths.owner_lock) is None
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz", trust_env=False)


def test_what_one_command_stored_the_next_one_finds(settings):
    body = {"userId": "ann", "tags": [{**TAG, "timestamp": int(time.time() * 1000)}]}
    token = settings.paths.service_token()
    with running_api(settings) as url, Client(url, token) as client:
        epoch = client.head()["epoch"]
        assert client.post_tags(body)["accepted"] == 1
    with running_api(settings) as url, Client(url, token) as client:
        assert client.head()["epoch"] == epoch
        assert client.head()["seq"] == 1
        assert client.post_tags(body)["duplicates"] == 1


def test_a_home_that_was_not_initialised_is_refused_with_the_way_out(tmp_path):
    settings = Settings(home=tmp_path / "nowhere")
    with (
        pytest.raises(CannotServeError, match="heat init"),
        owned_landing(settings, url=None, wait=0),
    ):
        pass


def test_somebody_elses_lock_is_named(settings):
    with (
        OwnerLock(settings.paths.owner_lock).acquire(url="http://127.0.0.1:1"),
        pytest.raises(CannotServeError, match=r"held by process \d+ at http://127.0.0.1:1"),
        owned_landing(settings, url=None, wait=0.1),
    ):
        pass


def test_a_landing_of_a_newer_heat_is_refused_in_one_sentence(settings):
    home = settings.paths
    with Landing(home, settings.thresholds):
        pass
    with duckdb.connect(home.landing_file) as connection:
        connection.execute("update ops.meta set value = '99' where key = 'schema_version'")
    with pytest.raises(LandingVersionError, match="schema version 99") as refused:
        Landing(home, settings.thresholds)
    assert "\n" not in str(refused.value)


def test_the_file_is_for_its_owner_alone(settings):
    home = settings.paths
    with Landing(home, settings.thresholds) as landing:
        landing.can_commit()
        for file in home.landing_file.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_chunked_body_is_taken_and_measured(settings):
    with running_api(settings) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        headers = {"Authorization": f"Bearer {settings.paths.service_token()}"}
        answers = []
        for size in (1, 30):
            body = (b" " * 10_000 for _ in range(size))
            connection.request("POST", "/api/v1/tags", body, headers, encode_chunked=True)
            answer = connection.getresponse()
            answers.append(answer.status)
            answer.read()
        connection.close()
    assert answers == [400, 413]


def test_a_client_that_sends_half_a_request_and_goes_disturbs_nobody(settings):
    with running_api(settings) as url:
        where = urlsplit(url)
        for _ in range(20):
            with socket.create_connection((where.hostname, where.port)) as half:
                half.sendall(b"POST /api/v1/tags HTTP/1.1\r\nContent-Length: 1000\r\n\r\n{")
        with Client(url, settings.paths.service_token()) as client:
            assert client.head()["seq"] == 0


def test_errors_of_the_api_are_sentences(settings):
    with running_api(settings) as url:
        with Client(url, "heat_00000000_nonsense-nonsense-nonsense") as stranger:
            with pytest.raises(ApiError, match="heat token create") as refused:
                stranger.me()
            assert refused.value.status == 401
        with Client(url, settings.paths.service_token()) as client:
            with pytest.raises(ApiError) as refused:
                client.put_directory({"teams": [{"teamId": ""}]})
            assert refused.value.errors[0]["field"] == "teams[0].teamId"
            with pytest.raises(ApiError) as refused:
                client.pull_tags(epoch="another")
            assert refused.value.body["epoch"] == client.head()["epoch"]
    with Client(url, "x") as late, pytest.raises(ApiError, match="does not answer") as refused:
        late.me()
    assert refused.value.status == 0


@pytest.mark.process
def test_sigterm_ends_the_api_cleanly_and_the_next_one_starts_at_once(home, api_process):
    api = api_process().started()
    with Client(api.url, home.service_token()) as client:
        client.create_token("ann")
        assert api.end() == 0
    assert holder_of(home.owner_lock) is None
    assert [file.name for file in home.landing_file.parent.iterdir() if "wal" in file.name] == []
    again = api_process().started()
    with Client(again.url, home.service_token()) as client:
        assert len(client.tokens()) == 1
    assert "Traceback" not in api.log.read_text()


@pytest.mark.process
def test_a_second_api_says_who_holds_the_landing_store(home, api_process):
    first = api_process().started()
    second = api_process(wait=0.2)
    assert second.process.wait(60) == 1
    said = second.log.read_text()
    assert f"is held by process {first.process.pid} at {first.url}" in said
    assert "Traceback" not in said


@pytest.mark.process
def test_a_starting_api_waits_for_the_one_that_is_ending(home, api_process):
    first = api_process().started()
    second = api_process(wait=30)
    with pytest.raises(subprocess.TimeoutExpired):
        second.process.wait(0.5)
    first.end()
    assert second.started().url
