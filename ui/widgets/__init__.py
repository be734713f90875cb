"""Small widgets that several screens share; none knows a service."""
