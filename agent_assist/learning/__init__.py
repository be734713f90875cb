"""What the feedback log teaches: masked training rows for the models, and how well suggestions do."""
