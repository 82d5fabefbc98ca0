"""What every feature stands on: database, events, duties, ids, blobs, mail. Knows nothing of social networks."""
