select distinct
    user_id,
    day
from {{ source('raw', 'days_off') }}
