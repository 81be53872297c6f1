{{ config(materialized='view') }}

with

tags as (
    select * from {{ ref('int_tags') }}
),

people as (
    select * from {{ ref('int_people') }}
)

select
    tags.tag_id,
    tags.user_id,
    people.user_key,
    tags.team_id,
    tags.task_key,
    tags.task_title,
    tags.work_type,
    tags.intensity,
    tags.tagged_at,
    tags.local_day,
    tags.labels,
    tags.area,
    tags.source,
    tags.ingested_at
from tags
inner join people
    on tags.user_id = people.user_id
where
    not tags.is_withdrawn
    and tags.local_day <= people.as_of_day
