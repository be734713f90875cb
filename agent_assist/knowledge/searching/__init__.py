"""Search over the index: what a query asks for, what is known of each candidate, how relevant it is and why."""
