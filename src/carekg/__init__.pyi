# What type checkers and editors read of the package: `connect`, which is imported only when it is used.
from carekg.client import connect as connect

__version__: str
