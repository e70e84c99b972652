"""Who saw or did what to whom: appended, chained, never changed."""
