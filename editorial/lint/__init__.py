"""What a text itself tells, found without knowing the house: pure functions, no models, no settings."""
