"""What opens over and beside the tickets; see `ui.shell.rooms.rooms`."""
