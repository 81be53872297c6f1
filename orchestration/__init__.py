"""The pipeline: pull, audit, build, audit, publish.

The steps are plain functions; :mod:`orchestration.run` strings them together for the command
line, :mod:`orchestration.definitions` shows the same steps to Dagster. What a number means is
not said here but in ``dbt_project``.
"""
