{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail'
) }}

with

events as (
    select
        task_scope,
        task_id,
        seq
    from {{ ref('stg_heat__tag_events') }}
    {% if is_incremental() %}
        where seq > (select coalesce(max(last_seq), -1) from {{ this }})
    {% endif %}
),

tasks as (
    select
        task_scope,
        task_id,
        max(seq) as last_seq
    from events
    group by task_scope, task_id
),

unseen as (
    select tasks.*
    from tasks
    {% if is_incremental() %}
        left join {{ this }} as seen
            on
                tasks.task_scope = seen.task_scope
                and tasks.task_id = seen.task_id
        where seen.task_key is null
    {% endif %}
)

select
    cast(
        row_number() over ()
        {% if is_incremental() %}
            + (select coalesce(max(task_key), 0) from {{ this }})
        {% endif %}
        as integer
    ) as task_key,
    task_scope,
    task_id,
    -- here and not in int_tags: a pattern costs more per row than everything else together
    coalesce(
        nullif(regexp_extract(task_id, '^([A-Za-z][A-Za-z0-9_]*)-[0-9]+$', 1), ''),
        nullif(task_scope, ''),
        'unassigned'
    ) as default_area,
    last_seq
from unseen
