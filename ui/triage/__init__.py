"""What is done with tickets beside answering them: taking, giving, snoozing, done, for one or many at once."""
