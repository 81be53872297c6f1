{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- marts is marts, not main_marts: readers and the snapshot use the plain names -#}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
