"""peak.py COMMAND...: runs it, and prints how long it took and the most memory it had, as `SECONDS KIBIBYTES`."""
import resource
import subprocess
import sys
import time

began = time.monotonic()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(f"{time.monotonic() - began:.2f} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}")
sys.exit(code)
