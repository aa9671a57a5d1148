"""PostgreSQL and Redis for a machine that has neither.

Their real servers come as Python packages; this package starts them in the data folder, waits until they answer,
and stops them. It knows nothing of Django: the settings read the addresses from here.

- `addresses`  which database and which Redis, from the environment or from here
- `layout`     where the files of a data folder are, and which account the servers run as
- `services`   start, stop and share both servers
"""
