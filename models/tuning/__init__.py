"""Beyond one training: searching for a configuration, comparing encoders, joining models and making them smaller."""
