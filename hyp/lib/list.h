/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doubly linked lists whose links stand inside the elements. A list is a ring with its head in
 * it; an element that is in no list links to itself.
 */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include "lib/element.h"

#include <stdbool.h>

struct list {
    struct list *next;
    struct list *prev;
};

static inline void list_init(struct list *list)
{
    list->next = list;
    list->prev = list;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->next == list;
}

static inline void list_insert_before(struct list *place, struct list *link)
{
    link->prev = place->prev;
    link->next = place;
    place->prev->next = link;
    place->prev = link;
}

static inline void list_append(struct list *head, struct list *link)
{
    list_insert_before(head, link);
}

/* Also good for an element that is in no list. */
static inline void list_remove(struct list *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

#endif
