"""Says of every command that it has gone well."""

print("0002 (head)")
