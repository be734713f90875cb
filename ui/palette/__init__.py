"""The command palette: every act and every ticket, by typing."""
