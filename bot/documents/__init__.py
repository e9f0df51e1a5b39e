"""Papers become pictures, PDF and spreadsheets, each in a process of its own that ends with it."""
