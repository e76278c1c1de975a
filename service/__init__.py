"""Everything with a user in it: command line, later web API, pages, accounts, jobs."""
