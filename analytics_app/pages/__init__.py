"""One module per page: ask the API, lay out the answer. Nothing here computes a metric."""
