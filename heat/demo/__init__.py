"""An invented company that tags: four teams, 26 people, and stories to find in their tags.

Pure data from a date and a seed; nothing here opens a file or speaks to a server (the command
``heat demo`` does). Who works there is in ``people``, when they work in ``days``, what they work
on in ``work``, the planted stories in ``stories``, one person's tags in ``tagging``.
"""

from heat.demo.answers import Answers
from heat.demo.company import DAYS, Company, company
from heat.demo.tagging import Tag

__all__ = ["DAYS", "Answers", "Company", "Tag", "company"]
