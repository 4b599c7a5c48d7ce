"""Serving under load: requests a second beside other servers, endless queries, and a day's requests in ten minutes."""
