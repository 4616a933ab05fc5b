"""What is known of distributions in general, as dated data with a source for each row; pure look-ups, no input."""
