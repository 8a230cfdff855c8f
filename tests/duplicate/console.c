/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console: 2,000 characters out, then lines in, which the terminal echoes. The test waits for
 * a line that ends in "?" before it sends the next (tests/system/test_linux_duplicate.py).
 */
#include <stdio.h>
#include <string.h>

#include "duplicate.h"

#define CHARACTERS 2000
#define COLUMNS    79
#define LINES      3

static void characters(void)
{
    for (unsigned i = 0; i < CHARACTERS; i++) {
        putchar('!' + (int)(i * 7 % 94));
        if (i % COLUMNS == COLUMNS - 1)
            putchar('\n');
    }
    putchar('\n');
}

void topic_console(void)
{
    char line[512];

    characters();
    for (unsigned i = 0; i < LINES; i++) {
        printf("line %u?\n", i);
        if (!fgets(line, sizeof(line), stdin))
            break;
        printf("%zu characters: %s", strlen(line), line);
    }
}
