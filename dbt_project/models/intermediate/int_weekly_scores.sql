with

totals as (
    select * from {{ ref('int_weekly_totals') }}
),

people as (
    select * from {{ ref('int_weekly_people') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

pairs as (
    -- each week beside each of the eight before it
    select
        totals.team_id,
        totals.work_type,
        totals.week_start,
        totals.people,
        totals.top_contributor,
        before.week_start as week_before,
        before.total_intensity
    from totals
    inner join totals as before
        on
            totals.team_id = before.team_id
            and totals.work_type = before.work_type
            and before.week_number between totals.week_number - 8 and totals.week_number - 1
),

measures as (
    select
        team_id,
        work_type,
        week_start,
        false as is_without_top,
        total_intensity,
        tag_count
    from totals
    union all
    select
        team_id,
        work_type,
        week_start,
        true as is_without_top,
        total_intensity - top_intensity as total_intensity,
        tag_count - top_tag_count as tag_count
    from totals
    where people >= 2
),

history as (
    select
        team_id,
        work_type,
        week_start,
        false as is_without_top,
        total_intensity
    from pairs
    union all
    select
        pairs.team_id,
        pairs.work_type,
        pairs.week_start,
        true as is_without_top,
        pairs.total_intensity - coalesce(people.total_intensity, 0) as total_intensity
    from pairs
    left join people
        on
            pairs.team_id = people.team_id
            and pairs.work_type = people.work_type
            and pairs.week_before = people.week_start
            and pairs.top_contributor = people.user_key
    where pairs.people >= 2
),

baselines as (
    select
        team_id,
        work_type,
        week_start,
        is_without_top,
        median(total_intensity) as baseline
    from history
    group by team_id, work_type, week_start, is_without_top
    having count(*) >= 4
),

spreads as (
    select
        history.team_id,
        history.work_type,
        history.week_start,
        history.is_without_top,
        any_value(baselines.baseline) as baseline,
        median(abs(history.total_intensity - baselines.baseline)) as median_deviation,
        avg(abs(history.total_intensity - baselines.baseline)) as mean_deviation
    from history
    inner join baselines
        on
            history.team_id = baselines.team_id
            and history.work_type = baselines.work_type
            and history.week_start = baselines.week_start
            and history.is_without_top = baselines.is_without_top
    group by history.team_id, history.work_type, history.week_start, history.is_without_top
),

scored as (
    select
        measures.*,
        spreads.baseline,
        -- modified z-score (Iglewicz and Hoaglin 1993); both factors make it one standard deviation
        case
            when spreads.median_deviation > 0
                then
                    0.6745 * (measures.total_intensity - spreads.baseline)
                    / spreads.median_deviation
            when spreads.mean_deviation > 0
                then
                    (measures.total_intensity - spreads.baseline)
                    / (1.253314 * spreads.mean_deviation)
        end as z
    from measures
    left join spreads
        on
            measures.team_id = spreads.team_id
            and measures.work_type = spreads.work_type
            and measures.week_start = spreads.week_start
            and measures.is_without_top = spreads.is_without_top
)

select
    scored.team_id,
    scored.work_type,
    scored.week_start,
    scored.is_without_top,
    cast(scored.baseline as double) as baseline,
    cast(scored.z as double) as z,
    scored.baseline is not null
    and scored.total_intensity >= thresholds.trend_min_intensity
    and scored.tag_count >= 3
    and coalesce(
        scored.z > thresholds.trend_z,
        scored.total_intensity - scored.baseline >= thresholds.trend_min_intensity
    ) as is_spike
from scored
left join thresholds
    on scored.team_id = thresholds.team_id
