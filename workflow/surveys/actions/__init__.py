"""What is done with a survey: begun, sent, answered, followed, counted."""
