#!/usr/bin/env python
"""Django's command line for the print-management console."""

import os
import sys

from django.core.management import execute_from_command_line

from printmgmt.environment import SettingsRefused

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "printmgmt.settings")
    try:
        execute_from_command_line(sys.argv)
    except SettingsRefused as refusal:  # the operator's to mend: no traceback
        sys.exit(str(refusal))
