{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['user_id', 'tag_id'],
    on_schema_change='fail'
) }}

with

-- not materialized: a CTE read twice is otherwise written to memory, here all events at once
events as not materialized (
    select * from {{ ref('stg_heat__tag_events') }}
    {% if is_incremental() %}
        where seq > (select coalesce(max(seq), -1) from {{ this }})
    {% endif %}
),

memberships as (
    select * from {{ ref('stg_heat__memberships') }}
),

area_rules as (
    select * from {{ ref('stg_heat__area_rules') }}
),

task_keys as (
    select * from {{ ref('int_task_keys') }}
),

changes as (
    -- few: people rarely correct. A window over every event would cost more than all marts together
    select
        user_id,
        tag_id,
        max(seq) as seq
    from events
    where kind != 'stored'
    group by user_id, tag_id
),

newest as not materialized (
    -- a left join and not `not exists`: DuckDB would first make a table of every tag's key
    select events.*
    from events
    left join changes
        on
            events.user_id = changes.user_id
            and events.tag_id = changes.tag_id
    where
        changes.seq is null
        or events.seq = changes.seq
),

teamed as not materialized (
    select
        newest.*,
        coalesce(memberships.team_id, 'unassigned') as team_id
    from newest
    left join memberships
        on
            newest.user_id = memberships.user_id
            and newest.local_day between memberships.from_day and memberships.to_day
),

without_area as not materialized (
    select
        seq,
        team_id,
        task_scope,
        task_id,
        task_title,
        labels
    from teamed
    where
        area is null
        and team_id in (select area_rules.team_id from area_rules)
),

rule_values as (
    -- a pattern that is a column is compiled for every row: try it on each distinct text once
    select distinct
        team_id,
        'scope' as field,
        task_scope as value
    from without_area
    union all
    select distinct
        team_id,
        'task' as field,
        task_id as value
    from without_area
    union all
    select distinct
        team_id,
        'title' as field,
        task_title as value
    from without_area
    union all
    select distinct
        team_id,
        'label' as field,
        unnest(labels) as value
    from without_area
),

rule_matches as (
    select
        rule_values.team_id,
        rule_values.field,
        rule_values.value,
        min(area_rules.position) as position
    from rule_values
    inner join area_rules
        on
            rule_values.team_id = area_rules.team_id
            and rule_values.field = area_rules.field
    where regexp_full_match(rule_values.value, area_rules.pattern)
    group by rule_values.team_id, rule_values.field, rule_values.value
),

tag_texts as (
    select
        seq,
        team_id,
        'scope' as field,
        task_scope as value
    from without_area
    union all
    select
        seq,
        team_id,
        'task' as field,
        task_id as value
    from without_area
    union all
    select
        seq,
        team_id,
        'title' as field,
        task_title as value
    from without_area
    union all
    select
        seq,
        team_id,
        'label' as field,
        unnest(labels) as value
    from without_area
),

first_rules as (
    select
        tag_texts.seq,
        tag_texts.team_id,
        min(rule_matches.position) as position
    from tag_texts
    inner join rule_matches
        on
            tag_texts.team_id = rule_matches.team_id
            and tag_texts.field = rule_matches.field
            and tag_texts.value = rule_matches.value
    group by tag_texts.seq, tag_texts.team_id
),

ruled_areas as (
    select
        first_rules.seq,
        area_rules.area
    from first_rules
    inner join area_rules
        on
            first_rules.team_id = area_rules.team_id
            and first_rules.position = area_rules.position
)

select
    teamed.tag_id,
    teamed.user_id,
    teamed.team_id,
    -- a number instead of two texts: every later group and join is by this
    task_keys.task_key,
    teamed.task_title,
    teamed.work_type,
    teamed.intensity,
    teamed.tagged_at,
    teamed.local_day,
    teamed.labels,
    coalesce(teamed.area, ruled_areas.area, task_keys.default_area) as area,
    teamed.source,
    teamed.ingested_at,
    teamed.kind = 'withdrawn' as is_withdrawn,
    teamed.seq
from teamed
inner join task_keys
    on
        teamed.task_scope = task_keys.task_scope
        and teamed.task_id = task_keys.task_id
left join ruled_areas
    on teamed.seq = ruled_areas.seq
