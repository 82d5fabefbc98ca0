"""Posts, and what hangs on them."""
