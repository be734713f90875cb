"""The window: Qt only. Screens are folders of presenter (state, no Qt) and view (widgets)."""
