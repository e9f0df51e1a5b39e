"""What is true about procedures, whoever asks: values and rules, with no clock, no network and no files."""
