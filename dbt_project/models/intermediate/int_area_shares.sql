with

tags as (
    select * from {{ ref('int_tags_in_force') }}
),

windows as (
    select
        run.as_of_day,
        thresholds.bus_window_days
    from {{ ref('stg_heat__run') }} as run
    cross join {{ ref('int_thresholds') }} as thresholds
    where thresholds.team_id = 'default'
)

select
    tags.area,
    cast(floor((windows.as_of_day - tags.local_day) / windows.bus_window_days) as bigint)
        as window_index,
    tags.user_key,
    tags.team_id,
    cast(sum(tags.intensity) as bigint) as total_intensity,
    count(*) as tag_count,
    max(tags.local_day) as last_day
from tags
cross join windows
group by tags.area, window_index, tags.user_key, tags.team_id
