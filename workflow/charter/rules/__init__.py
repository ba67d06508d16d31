"""What holds of drafts whatever is stored: articles, days, differences, what came back from Word."""
