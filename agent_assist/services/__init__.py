"""What the window and the command line can ask for; each service ties the rooms below together."""
