"""Everything that is kept: the profile's database, its schema, and the stores that speak in domain types."""
