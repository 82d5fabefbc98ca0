"""People who do not exist, for demonstrations and tests. Only the command line and the tests import this."""
