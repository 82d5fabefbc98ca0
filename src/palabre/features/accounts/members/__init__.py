"""Members: the people behind local accounts. How they join, sign in, change what is theirs, and leave."""
