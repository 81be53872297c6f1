{#- Rules that more than one model applies. Each is one expression over columns of the caller. -#}

{% macro band(total, limits) -%}
    case
        when {{ total }} < {{ limits }}.cool_below then 'cool'
        when {{ total }} < {{ limits }}.normal_below then 'normal'
        when {{ total }} < {{ limits }}.warm_below then 'warm'
        when {{ total }} >= {{ limits }}.warm_below then 'critical'
    end
{%- endmacro %}

{% macro streak_level(days, limits) -%}
    case
        when {{ days }} >= {{ limits }}.critical_days then 'critical'
        when {{ days }} >= {{ limits }}.warning_days then 'warning'
        when {{ days }} >= 2 then 'monitor'
        else 'none'
    end
{%- endmacro %}

{% macro fingerprint(type, subject) -%}
    {#- lengths before the texts: ('a', 'bc') and ('ab', 'c') are two subjects -#}
    md5(concat_ws(
        '|', '{{ type }}'
        {%- for part in subject %}, length({{ part }}), {{ part }}{% endfor %}
    ))
{%- endmacro %}

{% macro recency(moment, tag_id) -%}
    {#- rises with the moment (whole milliseconds, as clients send them); of two tags of one moment
        always the same one is the newer, however they arrived. One number: a struct costs twice as much -#}
    epoch_ms({{ moment }}) * 4194304 + cast(hash({{ tag_id }}) & 4194303 as bigint)
{%- endmacro %}
