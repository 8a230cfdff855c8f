/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What main knows of the topic `process`: it starts this program anew, as a child.
 */
#ifndef PROCESS_H
#define PROCESS_H

#define PROCESS_CHILD "child"

/* The whole of such a child; returns its exit status. */
int process_child(int count, char **arguments);

#endif
