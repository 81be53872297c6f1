"""Sentences the pages say: short, plain, no blame; one verb per suggestion."""

from heat.vocabulary import Level

ADVICE = {
    Level.MONITOR: "Day two. No action needed yet.",
    Level.WARNING: "Worth a mention at stand-up.",
    Level.CRITICAL: "Ask for a pair, or park it for a day.",
}
ENDED = "Ended. Nothing to do."
ASK = "ask how it goes"

CAPTIONS = {
    "my_heat": "What you said about your work, day by day. Yours first.",
    "colleague": "What {name} said about their work. {name} can see that you looked.",
    "team": "Where effort piles up and who carries it alone: team health, not performance.",
    "analytics": "Which kinds of work grow, week by week. No names here.",
    "status": "Whether the numbers are fresh, complete and checked.",
}

NO_TAGS_THAT_DAY = "No tags on this day. That is fine: tagging is optional."
NO_TAGS_YET = "No tags in these days yet."
FIRST_TAG = (
    "Tag the task you are on: its id, the kind of work, and how hard it felt from 1 to 10. "
    "Use the browser extension, the command line, or one request:"
)
NO_SNAPSHOT = (
    "Nothing has been published yet. Numbers appear here after the first refresh; "
    "whoever runs HEAT can start one with `heat refresh`."
)
NO_ACTIVE_STREAK = "No active streak. Nothing is dragging on."
NO_STREAKS = "No task on two days in a row. Nothing is dragging on."
NO_SERIOUS_STREAKS = "No active streak at warning or critical."
NO_GROUP_ALERTS = "Nothing about single people or tasks is shown for a group."
NO_ALERTS = "Nothing needs attention right now."
NO_AREAS = "No tags in the last 90 days that name an area."
NO_TRENDS = "No tags of this team in these weeks. Choose a longer range, or another team."
NO_INSIGHT = "Not enough tags in these days for a sentence about them."
SHADOW_WORK = (
    "HEAT reads Support, Config and Blocker as shadow work: effort that nobody planned. "
    "That is HEAT's reading, not a fact about these tasks."
)
AGGREGATE = (
    "This team is shown as a group: whole weeks, only when at least {size} people tagged, no names."
)
HABIT = (
    "More than half of this team's tagged days are critical ({critical} of {tagged}). Either it is "
    "truly too much, or the limits do not fit how this team tags: they are per team and can be set."
)
STALE = "As of {as_of}; newer data failed a check, so it is not shown."
STALE_RUN = "As of {as_of}; the last refresh did not finish, so newer data is not shown."
API_AWAY = "HEAT's API does not answer. Nothing is shown rather than something old."
API_AWAY_HINT = "This page tries again every few seconds. If it stays so, run `heat status`."
NOT_FOUND = "Nobody and no team by that name that you can see."
SIGNED_OUT = "This token is not valid any more. Sign in again."
REFUSED = "You may not see this."
NOT_A_MANAGER = (
    "This page is for people who manage a team. Your own days are under My heat; "
    "whoever administers HEAT can add you as a team's manager."
)
NOT_AN_ANALYST = (
    "This page is for people who manage a team and for analysts. Your own days are under My heat."
)


def load_sentence(ratio: float, *, own: bool) -> str:
    """One person's load against that person's usual.

    >>> load_sentence(1.62, own=True)
    '1.6 × your usual'
    """
    return f"{ratio:.1f} × {'your' if own else 'their'} usual"


def plural(n: int, one: str, many: str | None = None) -> str:
    """A number and its noun.

    >>> plural(1, "day"), plural(3, "day"), plural(2, "person", "people")
    ('1 day', '3 days', '2 people')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"
