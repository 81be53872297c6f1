"""A small API of invented people, for the app's unit tests: fixed answers over real HTTP.

It knows the shapes of the dashboards, not their rules; the real API is met in tests/e2e/app.
"""

import json
import random
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from heat.home import Home
from heat.settings import Settings
from heat.thresholds import Thresholds

AS_OF = date(2026, 11, 25)
TEAMS = {"web": ("Web", "named"), "ops": ("Operations", "aggregate")}
PEOPLE = {
    "mira": "Mira Holt",
    "anton": "Anton Weiss",
    "bea": "Bea Lindholm",
    "chen": "Chen Yu",
    "dalia": "Dalia Amar",
    "emil": "Emil Novak",
    "freya": "Freya Storm",
    "new": "Nils Neu",
}
MANAGER, ANALYST, NEWCOMER = "mira", "freya", "new"
TOKENS = {f"heat_test_{user}": user for user in PEOPLE}
KINDS = ["Feature", "Bug", "Blocker", "Support", "Config", "Research"]
AREAS = ["web/cart", "web/search", "web/login", "web/catalog", "web/mail"]
Json = dict[str, Any]


class FakeApi:
    """Answers of the API; ``state`` holds what a test may change."""

    def __init__(self) -> None:
        self.port = 0
        self.away = False
        self.outcome = "published"
        self.snapshot_id = "20261125T090000-fake"
        self.asked: list[tuple[str, dict[str, str], str | None]] = []
        self.service_token = ""
        self.thresholds = Thresholds().flat()

    def answer(self, path: str, query: dict[str, str], viewer: str | None) -> Json | None:
        """The body for one address, or ``None`` for 404."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        match parts:
            case ["directory"]:
                return self.directory()
            case ["me"] if viewer in PEOPLE:
                return self.me(str(viewer))
            case ["status"]:
                return self.status()
            case ["tags", user] if self.sees(viewer, user):
                return {"tags": self.tags(user, date.fromisoformat(query["from"]))}
            case ["dashboard", "developer", user] if self.sees(viewer, user):
                return self.developer(user, query, own=user == viewer)
            case ["dashboard", "manager", team] if viewer == MANAGER and team in TEAMS:
                return self.manager(team, query)
            case ["dashboard", "analytics", team] if viewer in (MANAGER, ANALYST):
                return self.analytics(team, query)
        return None

    def sees(self, viewer: str | None, user: str) -> bool:
        return user in PEOPLE and viewer in (user, MANAGER)

    def directory(self) -> Json:
        members = [{"userId": u, "teamId": "web"} for u in PEOPLE if u != ANALYST]
        return {
            "users": [{"userId": u, "displayName": n} for u, n in PEOPLE.items()],
            "teams": [{"teamId": t, "name": n} for t, (n, _) in TEAMS.items()],
            "memberships": members,
            "managers": [{"userId": MANAGER, "teamId": t} for t in TEAMS],
        }

    def me(self, user: str) -> Json:
        teams = [
            {
                "teamId": team,
                "name": name,
                "member": team == "web" and user != ANALYST,
                "manages": user == MANAGER,
                "visibility": visibility,
            }
            for team, (name, visibility) in TEAMS.items()
        ]
        return {
            "userId": user,
            "displayName": PEOPLE[user],
            "timezone": "Europe/Berlin",
            "teams": [t for t in teams if t["member"] or t["manages"]],
            "canSeeAllAnalytics": user == ANALYST,
        }

    def common(self, query: dict[str, str], days: int) -> Json:
        first = query.get("from") or (AS_OF - timedelta(days=days - 1)).isoformat()
        return {
            "snapshot": self.status()["snapshot"],
            "asOf": AS_OF.isoformat(),
            "from": first,
            "to": query.get("to") or AS_OF.isoformat(),
            "thresholds": self.thresholds,
        }

    def status(self) -> Json:
        failed = [{"name": "intensity in 1..10", "message": "2 rows"}]
        last_run = {
            "outcome": self.outcome,
            "finishedAt": "2026-11-25T09:00:04Z",
            "failedChecks": [] if self.outcome == "published" else failed,
        }
        return {
            "snapshot": {
                "id": self.snapshot_id,
                "asOfDay": AS_OF.isoformat(),
                "builtAt": "2026-11-25T09:00:00Z",
                "seq": 4711,
                "lastRun": last_run,
            },
            "ledger": {"received": 4720, "stored": 4711, "duplicates": 6, "rejected": 3},
        }

    def days(self, user: str, common: Json) -> list[Json]:
        first, last = date.fromisoformat(common["from"]), date.fromisoformat(common["to"])
        found = []
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            dice = random.Random(f"{user} {day}")
            if user == NEWCOMER or day.weekday() >= 5 or dice.random() < 0.18:
                continue
            hot = user == "bea" and day > AS_OF - timedelta(days=9)
            total = dice.randint(26, 41) if hot else dice.choice([3, 6, 8, 9, 12, 14, 18, 22, 31])
            band = Thresholds().band(total)
            found.append(
                {
                    "date": day.isoformat(),
                    "totalIntensity": total,
                    "color": band.value,
                    "tagCount": max(1, total // 5),
                    "taskCount": 2,
                    "breakdown": {dice.choice(KINDS): total},
                }
            )
        return found

    def rest_days(self, common: Json) -> list[str]:
        first, last = date.fromisoformat(common["from"]), date.fromisoformat(common["to"])
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [d.isoformat() for d in days if d.weekday() >= 5]

    def tags(self, user: str, day: date) -> list[Json]:
        if user == NEWCOMER or day.weekday() >= 5:
            return []
        noon = int(datetime(day.year, day.month, day.day, 11, tzinfo=UTC).timestamp() * 1000)
        return [
            {
                "taskId": f"WEB-{40 + n}",
                "taskTitle": ["Cart <b>rounds</b> twice", "![x](https://example.org/x.png)"][n],
                "workType": KINDS[n],
                "intensity": 4 + n,
                "timestamp": noon + n * 3_600_000,
                "tzOffsetMin": 60,
                "labels": ["SQL"],
                "area": AREAS[n],
            }
            for n in range(2)
        ]

    def streaks(self, user: str) -> list[Json]:
        plans = {
            "bea": [(6, "critical", True), (3, "warning", False)],
            "anton": [(2, "monitor", True)],
        }
        found = []
        for n, (days, level, active) in enumerate(plans.get(user, [])):
            last = AS_OF if active else AS_OF - timedelta(days=30)
            first = last - timedelta(days=days - 1)
            task = f"WEB-{40 + n}"
            found.append(
                {
                    "streakId": f"{user}-{n}",
                    "taskScope": "web",
                    "taskId": task,
                    "taskTitle": "Cart <b>rounds</b> twice",
                    "workType": "Bug",
                    "area": AREAS[0],
                    "firstDay": first.isoformat(),
                    "lastDay": last.isoformat(),
                    "days": days,
                    "tagCount": days * 2,
                    "totalIntensity": days * 9,
                    "meanIntensity": 9.0,
                    "level": level,
                    "isActive": active,
                    "text": f"🔥 Pain Streak: {days} days on {task} (Bug)",
                }
            )
        return found

    def distribution(self, seed: str) -> Json:
        dice = random.Random(seed)
        sums = {kind: dice.randint(20, 200) for kind in KINDS}
        labels = {label: dice.randint(10, 90) for label in ("SQL", "API", "UI", "CSS")}

        def shares(values: dict[str, int], name: str) -> list[Json]:
            total = sum(values.values())
            return [
                {name: k, "intensity": v, "tagCount": v // 4, "share": v / total}
                for k, v in values.items()
            ]

        return {"workTypes": shares(sums, "workType"), "labels": shares(labels, "label")}

    def conditions(self, user: str) -> list[Json]:
        if user != "bea":
            return []
        base = {"userId": user, "displayName": PEOPLE[user], "taskScope": "web", "value": 6.0}
        base |= {"workType": "Bug", "weekStart": None, "fingerprint": "f"}
        return [
            {
                **base,
                "type": "pain_streak",
                "severity": "critical",
                "taskId": "WEB-40",
                "area": None,
                "message": "🔥 Pain Streak: 6 days on WEB-40 (Bug)",
                "suggestedAction": "Consider pairing or a check-in",
            },
            {
                **base,
                "type": "overload",
                "severity": "warning",
                "taskId": None,
                "area": None,
                "message": "4 critical days among the last 5 tagged days",
                "suggestedAction": "re-plan, drop scope",
            },
        ]

    def developer(self, user: str, query: dict[str, str], *, own: bool) -> Json:
        common = self.common(query, 90)
        days = self.days(user, common)
        empty: Json = {"workTypes": [], "labels": []}
        return {
            "userId": user,
            "displayName": PEOPLE[user],
            "teamId": "web",
            "timezone": "Europe/Berlin",
            "today": AS_OF.isoformat(),
            "days": days,
            "restDays": self.rest_days(common),
            "keptFrom": None if query.get("to") else "2026-08-31",
            "streaks": self.streaks(user),
            "distribution": self.distribution(user) if days else empty,
            "load": {"load": 33.4, "usual": 20.6, "ratio": 1.62, "day": AS_OF.isoformat()}
            if days
            else None,
            "insight": {
                "sentence": "Six days on WEB-40.",
                "recommendation": "Ask for a pair, or park it for a day.",
            }
            if days
            else None,
            "coverage": {"taggedDays": len(days), "days": 64} if own else None,
            "conditions": self.conditions(user),
            **common,
        }

    def manager(self, team: str, query: dict[str, str]) -> Json:
        common = self.common(query, 30)
        grouped = TEAMS[team][1] == "aggregate"
        order = ["bea", "anton", "chen", "dalia", "emil", "mira"]
        members: list[Json] = [
            {
                "userId": u,
                "displayName": PEOPLE[u],
                "rank": n + 1,
                "criticalConditions": 0,
                "warningConditions": 0,
                "loadRatio": 1.0,
                "recentTotal": 50,
                "days": self.days(u, common),
                "restDays": self.rest_days(common),
            }
            for n, u in enumerate(order)
        ]
        weeks = [
            {"weekStart": f"2026-11-{d:02}", "people": 5 + d % 3, "totalIntensity": 260 + d * 7}
            for d in (2, 9, 16)
        ]
        named = [
            {**s, "userId": u, "displayName": PEOPLE[u]} for u in order for s in self.streaks(u)
        ]
        tagged = [d for m in members for d in m["days"]]
        return {
            "teamId": team,
            "name": TEAMS[team][0],
            "timezone": "Europe/Berlin",
            "visibility": TEAMS[team][1],
            "today": AS_OF.isoformat(),
            "minGroupSize": 5,
            "members": [] if grouped else members,
            "groupDays": weeks if grouped else [],
            "streaks": [] if grouped else named,
            "alerts": [] if grouped else self.conditions("bea"),
            "busFactors": [] if grouped else self.areas(order),
            "coverage": {"tagged": 6, "members": 7},
            "habit": {
                "criticalDays": sum(d["color"] == "critical" for d in tagged),
                "taggedDays": len(tagged),
            },
            **common,
        }

    def areas(self, people: list[str]) -> list[Json]:
        found = []
        for n, area in enumerate(AREAS):
            dice = random.Random(area)
            parts: dict[str | None, int] = {
                u: dice.randint(2, 30) for u in people if dice.random() < 0.6
            }
            if n == 0:
                parts["bea"] = 190
            else:
                parts[None] = 12
            total = sum(parts.values())
            owners = [
                {
                    "userId": u,
                    "displayName": PEOPLE[u] if u else "another team",
                    "intensity": v,
                    "share": v / total,
                }
                for u, v in parts.items()
            ]
            found.append(
                {
                    "area": area,
                    "busFactor": 1 if n == 0 else 2,
                    "isAtRisk": n == 0,
                    "owners": owners,
                }
            )
        return found

    def analytics(self, team: str, query: dict[str, str]) -> Json:
        common = self.common(query, 30)
        monday = AS_OF - timedelta(days=AS_OF.weekday())
        weeks = [(monday - timedelta(weeks=n)).isoformat() for n in range(12)]
        weeks = [w for w in weeks if w >= common["from"]]
        trends = []
        for kind in KINDS:
            for n, week in enumerate(weeks):
                total = random.Random(f"{kind} {week}").randint(20, 60)
                spike = (kind == "Config" and n == 1) or (kind == "Bug" and n == 4)
                trends.append(
                    {
                        "teamId": "web",
                        "weekStart": week,
                        "workType": kind,
                        "totalIntensity": total + 110 * spike,
                        "tagCount": 9,
                        "people": 4,
                        "share": 0.2,
                        "baseline": None if n > 8 else 40.0,
                        "z": None,
                        "verdict": "spike" if spike else "new" if n > 8 else "stable",
                        "isSystemic": spike and kind == "Config",
                    }
                )
        shadow = [
            {"teamId": "web", "weekStart": w, "shadowIntensity": 60 + 9 * n, "totalIntensity": 240}
            for n, w in enumerate(weeks)
        ]
        tasks = [
            {
                "weekStart": week,
                "workType": kind,
                "taskScope": "web" if task != "other tasks" else "",
                "taskId": task,
                "taskTitle": "Rotate keys" if task != "other tasks" else None,
                "totalIntensity": total,
                "tagCount": 5,
                "people": 5,
            }
            for week in weeks
            for kind in KINDS
            for task, total in (("WEB-77", 40), ("other tasks", 22))
        ]
        compared = "compareFrom" in query or "compareTeam" in query
        return {
            "teamId": team,
            "trends": trends,
            "spikes": [t for t in trends if t["verdict"] == "spike"],
            "shadowWork": shadow,
            "distribution": self.distribution(team),
            "tasks": tasks,
            "compare": {**common, **self.distribution("before")} if compared else None,
            "coverage": {"tagged": 6, "members": 7},
            **common,
        }


class _Handler(BaseHTTPRequestHandler):
    api: FakeApi

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        viewer = TOKENS.get(token)
        if token and token == self.api.service_token:
            viewer = self.headers.get("Heat-On-Behalf-Of")
        elif viewer is None:
            self.say(401, {"detail": "who?"})
            return
        self.api.asked.append((url.path, query, viewer))
        if self.api.away:
            self.say(503, {"detail": "away"})
            return
        body = self.api.answer(url.path.removeprefix("/api/v1"), query, viewer)
        self.say(404, {"detail": "no"}) if body is None else self.say(200, body)

    def say(self, status: int, body: Json) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def fake_api() -> Iterator[FakeApi]:
    api = FakeApi()
    handler = type("Handler", (_Handler,), {"api": api})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    api.port = server.server_port
    yield api
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(fake_api: FakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A demo home whose API is the fake one."""
    home = Home(tmp_path / "home").init()
    fake_api.service_token = home.service_token()
    monkeypatch.setenv("HEAT_HOME", str(home.root))
    monkeypatch.setenv("HEAT_API_PORT", str(fake_api.port))
    monkeypatch.setenv("HEAT_APP_SIGN_IN", "demo")
    return Settings()
