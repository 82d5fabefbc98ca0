"""The doors: client API, web pages, commands. Each owns a format; none imports another; all call the features' verbs."""
