"""The enterprise's own voice (企业心声): signed links without an account, and calls back by a third person."""
