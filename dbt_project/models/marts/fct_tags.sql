{{ config(materialized='view') }}

with

tags as (
    select * from {{ ref('int_tags_in_force') }}
),

task_keys as (
    select * from {{ ref('int_task_keys') }}
)

select
    cast(tags.tag_id as varchar) as tag_id,
    tags.user_id,
    tags.team_id,
    task_keys.task_scope,
    task_keys.task_id,
    tags.task_title,
    tags.work_type,
    cast(tags.intensity as bigint) as intensity,
    tags.tagged_at,
    tags.local_day,
    tags.labels,
    tags.area,
    tags.source,
    tags.ingested_at
from tags
inner join task_keys
    on tags.task_key = task_keys.task_key
