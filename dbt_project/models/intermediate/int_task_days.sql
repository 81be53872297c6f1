select
    user_key,
    task_key,
    -- one byte where a text would make every later sort three times as slow
    cast(
        work_type as enum('Feature', 'Bug', 'Blocker', 'Support', 'Config', 'Research')
    ) as work_type,
    local_day,
    arg_max(area, {{ recency('tagged_at', 'tag_id') }}) as area,
    cast(sum(intensity) as integer) as total_intensity,
    cast(count(*) as integer) as tag_count
from {{ ref('int_tags_in_force') }}
group by user_key, task_key, work_type, local_day
