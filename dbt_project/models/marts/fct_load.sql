with

days as (
    select
        days.*,
        people.user_key
    from {{ ref('fct_daily_intensity') }} as days
    inner join {{ ref('int_people') }} as people
        on days.user_id = people.user_id
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

means as (
    select
        user_key,
        user_id,
        local_day,
        avg(total_intensity) over (
            partition by user_key
            order by local_day
            rows between 4 preceding and current row
        ) as load,
        avg(total_intensity) over before_those as usual_mean,
        count(*) over before_those as usual_days
    from days
    window before_those as (
        partition by user_key
        order by local_day
        rows between 24 preceding and 5 preceding
    )
),

covered as (
    select
        calendar.user_key,
        calendar.day,
        count(days.user_id) filter (where not calendar.is_rest) over last_28 as tagged_days,
        count(*) filter (where not calendar.is_rest) over last_28 as working_days
    from calendar
    left join days
        on
            calendar.user_key = days.user_key
            and calendar.day = days.local_day
    window last_28 as (
        partition by calendar.user_key
        order by calendar.day
        rows 27 preceding
    )
),

hidden as (
    select
        *,
        case when usual_days >= 10 then usual_mean end as usual
    from means
)

select
    hidden.user_id,
    hidden.local_day,
    hidden.load,
    hidden.usual,
    hidden.load / hidden.usual as ratio,
    covered.tagged_days / nullif(covered.working_days, 0) as coverage
from hidden
inner join covered
    on
        hidden.user_key = covered.user_key
        and hidden.local_day = covered.day
