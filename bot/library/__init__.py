"""SOP files and office settings: read, checked, and turned into values of the engine."""
