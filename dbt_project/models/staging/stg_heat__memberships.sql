select
    user_id,
    team_id,
    coalesce(from_day, date '0001-01-01') as from_day,
    coalesce(to_day, date '9999-12-31') as to_day
from {{ source('raw', 'memberships') }}
