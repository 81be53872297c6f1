"""What the demo company works on: tasks with trackers' ids, titles, labels and areas.

Which task somebody tags on which day is decided in ``tagging``; this only names things.
"""

from dataclasses import dataclass
from functools import cache

from heat.demo.dice import dice, pick
from heat.demo.people import DATA, MOBILE, PAYMENTS, SILO_AREA, STOREFRONT
from heat.vocabulary import NO_TICKET, WorkType

_NUMBERS_PER_SPRINT = 70
"""Task numbers a team uses in one sprint: 8 per member, the rest for the slots below."""

STORY_SLOT = 56
PUSH_SLOT = 58
SHARED_SLOT = 64


@dataclass(frozen=True)
class Task:
    """A piece of work as a tracker knows it, with the one kind of work it is tagged with."""

    scope: str
    task_id: str
    title: str
    work_type: WorkType
    area: str | None
    labels: tuple[str, ...]
    source: str

    @property
    def key(self) -> tuple[str, str, WorkType]:
        """What a streak is counted on."""
        return self.scope, self.task_id, self.work_type


_TRACKERS = {
    PAYMENTS: ("jira", "jira.example.org"),
    DATA: ("github", "github.example.org/brightwater/data"),
    STOREFRONT: ("azure-devops", "dev.azure.example.org/brightwater/storefront"),
    MOBILE: ("jira", "jira.example.org"),
}

_THINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "payments/checkout": (("card form", "address check", "guest checkout"), ("UI", "API")),
    "payments/refunds": (("partial refunds", "refund e-mails", "refund limits"), ("API", "SQL")),
    "payments/fraud-rules": (("velocity rule", "country list", "review queue"), ("SQL", "rules")),
    "payments/bank-files": (("SEPA batch", "statement parser", "cut-off times"), ("batch", "SQL")),
    "data/ingestion": (("order events", "late arrivals", "schema registry"), ("Kafka", "API")),
    "data/warehouse": (("customer model", "currency table", "slow joins"), ("SQL", "dbt")),
    "data/reporting": (("weekly margin report", "cohort chart", "export to CSV"), ("SQL", "UI")),
    "data/quality": (("freshness checks", "null checks", "row counts"), ("SQL", "tests")),
    SILO_AREA: (
        ("ledger export", "period close", "booking rules", "auditors' extract"),
        ("COBOL", "batch"),
    ),
    "storefront/catalog": (("variant picker", "price tiers", "image sizes"), ("UI", "API")),
    "storefront/search": (("synonyms", "facet counts", "typo tolerance"), ("search", "API")),
    "storefront/cart": (("saved carts", "voucher codes", "stock warnings"), ("UI", "API")),
    "storefront/content": (("landing pages", "banner slots", "translations"), ("UI", "CMS")),
    "mobile/android": (("dark theme", "deep links", "start-up time"), ("Kotlin", "UI")),
    "mobile/ios": (("widgets", "passkey sign-in", "large text"), ("Swift", "UI")),
    "mobile/messages": (("quiet hours", "order updates", "opt-in screen"), ("push", "API")),
}

_SENTENCES: dict[WorkType, tuple[str, ...]] = {
    WorkType.FEATURE: ("Build {}", "Extend {}", "Let customers change {}", "New version of {}"),
    WorkType.BUG: ("Wrong result in {}", "Fix {} after the last release", "{}: error on retry"),
    WorkType.BLOCKER: ("Waiting for access: {}", "{}: test system is down", "{} fails on release"),
    WorkType.SUPPORT: ("Questions about {}", "Help the service desk with {}", "Document {}"),
    WorkType.CONFIG: ("Settings for {}", "Upgrade what {} depends on", "Pipeline of {}"),
    WorkType.RESEARCH: ("Options for {}", "Try another way for {}", "Measure {}"),
}

_PUSHES: dict[str, tuple[str, ...]] = {
    PAYMENTS: (
        "Rotate the acquirer's certificates",
        "Move card secrets to the new vault",
        "New network rules for the bank gateway",
        "Rebuild the release pipeline",
        "Align settings of the three regions",
    ),
    DATA: (
        "Move the schedulers to the new cluster",
        "New credentials for every source",
        "Upgrade the query engine's settings",
        "Rewrite the deployment templates",
        "Partition settings of the old tables",
    ),
    STOREFRONT: (
        "Move builds to the new runners",
        "CDN rules after the domain change",
        "Feature flags: merge two systems",
        "Cookie settings for the new law",
        "Split the deployment by country",
    ),
}

_NO_TICKET = {
    "meeting": ("Planning and stand-ups", WorkType.SUPPORT),
    "helping": ("Helping a colleague", WorkType.SUPPORT),
    "on-call": ("On call", WorkType.BLOCKER),
    "interviews": ("Interviews", WorkType.SUPPORT),
}


def named(team_id: str, sprint: int, slot: int, title: str, work_type: WorkType, area: str) -> Task:
    """A task with a number that nobody else uses: ``slot`` is 0.. within team and sprint."""
    source, scope = _TRACKERS[team_id]
    number = 100 + _NUMBERS_PER_SPRINT * sprint + slot
    task_id = {
        PAYMENTS: f"PAY-{number}",
        DATA: f"#{number}",
        STOREFRONT: str(40_000 + number),
        MOBILE: f"MOB-{number}",
    }[team_id]
    return Task(scope, task_id, title, work_type, area, _THINGS[area][1], source)


@cache
def task(seed: int, team_id: str, sprint: int, slot: int, work_type: WorkType, area: str) -> Task:
    """An ordinary task of one sprint, with a title that fits area and kind of work."""
    rng = dice(seed, team_id, "task", sprint, slot, work_type, area)
    sentence = rng.choice(_SENTENCES[work_type]).format(rng.choice(_THINGS[area][0]))
    title = sentence[0].upper() + sentence[1:]
    made = named(team_id, sprint, slot, title, work_type, area)
    labels = tuple(label for label in made.labels if rng.random() < 0.6)
    return Task(made.scope, made.task_id, title, work_type, area, labels, made.source)


def shared_task(team_id: str, sprint: int, work_type: WorkType, area: str) -> Task:
    """The sprint's work that everybody of the team has a hand in."""
    title = {
        WorkType.FEATURE: f"Release {sprint // 4}.{sprint % 4}: what is left to build",
        WorkType.BUG: f"Release {sprint // 4}.{sprint % 4}: what testing found",
    }[work_type]
    slot = SHARED_SLOT + (work_type is WorkType.BUG)
    return named(team_id, sprint, slot, title, work_type, area)


def push_task(team_id: str, sprint: int, number: int, area: str) -> Task:
    """One of the five parts of a team's Config push."""
    title = _PUSHES[team_id][number]
    return named(team_id, sprint, PUSH_SLOT + number, title, WorkType.CONFIG, area)


def no_ticket(seed: int, *words: object) -> Task:
    """Work without a ticket: counts for intensity, forms no streak."""
    kind = pick(
        dice(seed, "no-ticket", *words),
        {"meeting": 5.0, "helping": 3.0, "on-call": 1.0, "interviews": 1.0},
    )
    title, work_type = _NO_TICKET[kind]
    return Task(NO_TICKET, kind, title, work_type, None, (), "cli")
