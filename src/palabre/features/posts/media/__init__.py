"""Pictures attached to posts: what comes in is measured, redrawn and stripped before anybody sees it."""
