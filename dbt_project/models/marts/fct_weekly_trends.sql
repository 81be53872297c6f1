with

totals as (
    select * from {{ ref('int_weekly_totals') }}
),

scores as (
    select * from {{ ref('int_weekly_scores') }}
),

teams as (
    select * from {{ ref('stg_heat__teams') }}
),

run as (
    select * from {{ ref('stg_heat__run') }}
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
),

moves as (
    select
        totals.*,
        totals.total_intensity - lag(totals.total_intensity, 1) over series as move_1,
        lag(totals.total_intensity, 1) over series
        - lag(totals.total_intensity, 2) over series as move_2,
        lag(totals.total_intensity, 2) over series
        - lag(totals.total_intensity, 3) over series as move_3,
        sum(totals.total_intensity) over (
            partition by totals.team_id, totals.week_start
        ) as week_intensity,
        totals.week_start >= date_trunc('week', coalesce(teams.as_of_day, run.as_of_day))
            as is_running
    from totals
    cross join run
    left join teams
        on totals.team_id = teams.team_id
    window series as (
        partition by totals.team_id, totals.work_type
        order by totals.week_start
    )
)

select
    moves.team_id,
    moves.week_start,
    moves.work_type,
    moves.total_intensity,
    moves.tag_count,
    moves.people,
    moves.total_intensity / moves.week_intensity as share,
    whole.baseline,
    whole.z,
    case
        when whole.baseline is null then 'new'
        when whole.is_spike then 'spike'
        when moves.is_running then 'stable'
        when whole.z < -thresholds.trend_z then 'dip'
        when least(moves.move_1, moves.move_2, moves.move_3) > 0.1 * whole.baseline then 'rising'
        when
            greatest(moves.move_1, moves.move_2, moves.move_3) < -0.1 * whole.baseline
            then 'falling'
        else 'stable'
    end as verdict,
    whole.is_spike and coalesce(without_top.is_spike, false) as is_systemic
from moves
left join scores as whole
    on
        moves.team_id = whole.team_id
        and moves.week_start = whole.week_start
        and moves.work_type = whole.work_type
        and not whole.is_without_top
left join scores as without_top
    on
        moves.team_id = without_top.team_id
        and moves.week_start = without_top.week_start
        and moves.work_type = without_top.work_type
        and without_top.is_without_top
left join thresholds
    on moves.team_id = thresholds.team_id
