"""A process that says that it is there, and then does nothing."""

import time

print("here", flush=True)
time.sleep(600)
