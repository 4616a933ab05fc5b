"""What many rules ask of the code, said once: pure functions from the model to typed facts."""
