"""From examples to heads: features, regularisation, calibration."""
