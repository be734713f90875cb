"""What can be asked of the reply model beside the suggestion: other candidates, a hint, a tone, texts worded anew."""
