"""The proofs. Each looks at the world afterwards: books, rows, pages."""
