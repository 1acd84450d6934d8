"""`python -m demo`: `demo.running`. Ctrl-C while its modules are being loaded ends it without a traceback."""

import sys

try:
    from demo.running import main
except KeyboardInterrupt:
    sys.exit("Stopped.")

if __name__ == "__main__":
    sys.exit(main())
