"""Every question about people's data, answered with the viewer as an argument.

Rows come from the published marts and, for the running day, from the landing; they are
filtered, summed, counted and divided here. A metric's rule lives in ``dbt_project``, who sees
whom in :mod:`ingest_api.access`.
"""
