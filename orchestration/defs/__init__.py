"""What Dagster shows: assets, checks, jobs, the sensor and the schedules.

Each only wraps a step of :mod:`orchestration.run` or a decision of :mod:`orchestration.trigger`.
"""
