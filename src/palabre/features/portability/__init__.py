"""What people bring and take away: archives, imports, exports and moves."""
