"""At most so many requests a minute per token; our own processes are not counted."""

import math
import time

from flask import Flask, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from ingest_api.principals import Principal
from ingest_api.problems import Problem

REQUESTS = 6_000
"""Requests a minute per token."""

REQUESTS_OF_STRANGERS = 1_200
"""Requests a minute per address for what is answered without a token."""


def register(app: Flask) -> None:
    """Count every request against its token, one without a token against its address."""
    # asked by hand: its own check before each request costs more than landing a tag
    limiter = FixedWindowRateLimiter(MemoryStorage())

    def count() -> None:
        asker: Principal | None = g.get("principal")
        if asker is None:
            limit, who = RateLimitItemPerMinute(REQUESTS_OF_STRANGERS), _address()
        elif asker.is_service or asker.via == "on-behalf":
            return
        else:
            limit, who = RateLimitItemPerMinute(REQUESTS), asker.prefix
        if not limiter.hit(limit, who):
            seconds = math.ceil(limiter.get_window_stats(limit, who).reset_time - time.time())
            raise Problem(
                429,
                f"more than {limit.amount} requests in a minute; wait {max(seconds, 1)} s",
                headers={"Retry-After": str(max(seconds, 1))},
            )

    app.before_request(count)


def _address() -> str:
    return request.remote_addr or "unknown"
