select
    seq,
    kind,
    user_id,
    tag_id,
    task_scope,
    task_id,
    task_title,
    work_type,
    intensity,
    tagged_at,
    local_day,
    labels,
    nullif(area, '') as area,
    source,
    ingested_at
from {{ source('raw', 'tag_events') }}
where kind in ('stored', 'corrected', 'withdrawn')
