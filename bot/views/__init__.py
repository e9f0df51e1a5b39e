"""Values in, screens out: every word a person reads is written here."""
