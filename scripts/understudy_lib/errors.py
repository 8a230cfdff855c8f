# SPDX-License-Identifier: BSD-2-Clause
#
# The two ways in which a command is refused. Both end it with status 2 and one line.


class UsageError(Exception):
    """What the person asked for makes no sense; the text names the option."""


class LaunchError(Exception):
    """A tool or file that is needed does not do its part; the text says why."""
