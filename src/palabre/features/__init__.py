"""What the network does. Each feature owns its rules and tables and may import only those below it."""
