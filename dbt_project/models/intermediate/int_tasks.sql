with

tags as (
    select * from {{ ref('int_tags_in_force') }}
),

task_keys as (
    select * from {{ ref('int_task_keys') }}
),

titles as (
    select
        task_key,
        -- an empty title says nothing new; arg_max passes over NULL
        coalesce(
            arg_max(nullif(task_title, ''), {{ recency('tagged_at', 'tag_id') }}), ''
        ) as task_title
    from tags
    group by task_key
)

select
    task_keys.task_key,
    task_keys.task_scope,
    task_keys.task_id,
    titles.task_title
from task_keys
inner join titles
    on task_keys.task_key = titles.task_key
