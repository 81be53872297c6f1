with

calendar as (
    select * from {{ ref('int_calendar') }}
),

people as (
    select * from {{ ref('int_people') }}
)

select
    people.user_id,
    calendar.day
from calendar
inner join people
    on calendar.user_key = people.user_key
where calendar.is_rest
