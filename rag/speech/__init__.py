"""What is said in a recording: its sound as numbers and as vectors, the speech in it as words with their times."""
