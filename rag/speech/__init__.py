"""What is said in a recording: its sound as numbers, the speech in it as words with their times."""
