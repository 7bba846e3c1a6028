"""The fault matrix of publishing: each row a test that carries its number and its words."""
