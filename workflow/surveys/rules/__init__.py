"""What a code looks like, what stands around the questions, what became of a letter, how answers are counted."""
