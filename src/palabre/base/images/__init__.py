"""Pictures that strangers send: sniffed, measured, redrawn in a process apart, so that nothing but their look is kept."""
