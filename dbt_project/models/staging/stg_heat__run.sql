select
    run_id,
    run_at,
    as_of_day,
    is_fixed_as_of
from {{ source('raw', 'run') }}
