-- By band and team, since limits are a team's: the smallest and the largest total of each.
with

bands as (
    select
        team_id,
        band,
        min(total_intensity) as least,
        max(total_intensity) as most
    from {{ ref('fct_daily_intensity') }}
    group by team_id, band
),

thresholds as (
    select * from {{ ref('int_thresholds') }}
)

select
    bands.team_id,
    bands.band,
    bands.least,
    bands.most
from bands
left join thresholds
    on bands.team_id = thresholds.team_id
where
    not coalesce(
        case bands.band
            when 'cool' then bands.least >= 1 and bands.most < thresholds.cool_below
            when 'normal'
                then bands.least >= thresholds.cool_below and bands.most < thresholds.normal_below
            when 'warm'
                then bands.least >= thresholds.normal_below and bands.most < thresholds.warm_below
            when 'critical' then bands.least >= thresholds.warm_below
        end,
        false
    )
