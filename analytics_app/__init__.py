"""The Streamlit app: pages lay out, charts draw.

No SQL, no rule, no file: every number comes from the API, asked as the signed-in person.
"""
