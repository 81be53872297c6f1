"""What effort went into: intensity, tags and share per work type and per label."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest_api.access import Sight, Span
from ingest_api.snapshots import Snapshot
from ingest_api.views.live import LiveDays


@dataclass
class Distribution:
    """Sums per work type, per label, and per label within a work type."""

    intensity: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    label_intensity: Counter[tuple[str, str]] = field(default_factory=Counter)
    label_tags: Counter[str] = field(default_factory=Counter)

    def add(self, work_type: str, intensity: int, tags: int) -> None:
        """Count tags of one work type."""
        self.intensity[work_type] += intensity
        self.tags[work_type] += tags

    def add_label(self, work_type: str, label: str, intensity: int, tags: int) -> None:
        """Count tags of one work type that carry a label."""
        self.label_intensity[work_type, label] += intensity
        self.label_tags[label] += tags

    @property
    def total(self) -> int:
        """Intensity of all work types."""
        return self.intensity.total()

    def labels_of(self, work_type: str) -> dict[str, int]:
        """Label → intensity within one work type."""
        held = self.label_intensity.items()
        return {label: amount for (kind, label), amount in held if kind == work_type}

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """Largest first. A label's share is of all effort: a tag may carry several labels."""
        labels = Counter[str]()
        for (_, label), amount in self.label_intensity.items():
            labels[label] += amount
        return {
            "workTypes": shares("workType", self.intensity, self.tags, self.total),
            "labels": shares("label", labels, self.label_tags, self.total),
        }


def shares(
    key: str, intensity: Mapping[str, int], tags: Mapping[str, int], total: int
) -> list[dict[str, Any]]:
    """Rows of ``key``, intensity, tag count and share of ``total``, largest first."""
    largest_first = sorted(intensity.items(), key=lambda held: (-held[1], held[0]))
    return [
        {
            key: name,
            "intensity": amount,
            "tagCount": tags[name],
            "share": amount / total if total else 0.0,
        }
        for name, amount in largest_first
    ]


def of_person(snapshot: Snapshot | None, sight: Sight, live: LiveDays) -> Distribution:
    """A person's distribution over the days that are seen, live days from the landing."""
    found = Distribution()
    if snapshot is None:
        return found
    days, values = _on_days(sight.spans, live.days)
    mine, me = snapshot.of_people("marts.fct_tags", sight.user_id)
    for work_type, intensity, tags in snapshot.rows(
        f"""
        select work_type, sum(intensity)::bigint, count(*)
        from marts.fct_tags where {mine} and {days} group by work_type
        """,  # noqa: S608
        [*me, *values],
    ):
        found.add(work_type, intensity, tags)
    mine, me = snapshot.of_people("marts.fct_label_intensity", sight.user_id)
    for work_type, label, intensity, tags in snapshot.rows(
        f"""
        select work_type, label, sum(total_intensity)::bigint, sum(tag_count)::bigint
        from marts.fct_label_intensity where {mine} and {days} group by work_type, label
        """,  # noqa: S608
        [*me, *values],
    ):
        found.add_label(work_type, label, intensity, tags)
    for tag in live.tags:
        found.add(tag.work_type, tag.intensity, 1)
        for label in dict.fromkeys(tag.labels):
            found.add_label(tag.work_type, label, tag.intensity, 1)
    return found


def _on_days(spans: Iterable[Span], without: Iterable[date]) -> tuple[str, list[object]]:
    """SQL that keeps rows whose ``local_day`` is in one of the spans and not left out."""
    values: list[object] = []
    for span in spans:
        values += [span.first, span.last]
    either = " or ".join(["local_day between ? and ?"] * (len(values) // 2))
    return f"({either}) and not list_contains(?::date[], local_day)", [*values, list(without)]
