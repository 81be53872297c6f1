with

tags as (
    select * from {{ ref('int_tags_in_force') }}
),

run as (
    select * from {{ ref('stg_heat__run') }}
),

areas as (
    select
        tags.team_id,
        tags.area,
        cast(sum(tags.intensity) as bigint) as total_intensity
    from tags
    cross join run
    where tags.local_day > run.as_of_day - 30
    group by tags.team_id, tags.area
)

select
    team_id,
    area,
    total_intensity,
    total_intensity / sum(total_intensity) over (partition by team_id) as share
from areas
