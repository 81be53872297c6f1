select
    user_id,
    coalesce(nullif(display_name, ''), user_id) as display_name,
    nullif(timezone, '') as timezone,
    as_of_day
from {{ source('raw', 'users') }}
