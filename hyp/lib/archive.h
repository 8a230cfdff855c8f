/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive visitor: one list of fields serves both directions. A stateful part has one
 * archive function that names each of its fields once; with a writing archive the fields are
 * appended to the buffer, with a reading one they are filled from it.
 *
 * Record: name length (u8), name, size (u32, little-endian), bytes. A reader that meets another
 * name or size than it asks for, or the end, sets the sticky error and leaves the field alone.
 */
#ifndef LIB_ARCHIVE_H
#define LIB_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct archive {
    bool is_writing;
    uint8_t *buffer;
    size_t size;     /* of the buffer */
    size_t position; /* of the next record; when writing without error, the length so far */
    int error;       /* 0, ERR_NO_MEMORY (buffer full) or ERR_CORRUPT; sticky */
};

void archive_init_writer(struct archive *archive, void *buffer, size_t size);
void archive_init_reader(struct archive *archive, const void *buffer, size_t size);

/* One field of `size` bytes; `name` has 1 to 255 characters. */
void archive_bytes(struct archive *archive, const char *name, void *field, size_t size);

void archive_bool(struct archive *archive, const char *name, bool *field);
void archive_u8(struct archive *archive, const char *name, uint8_t *field);
void archive_u32(struct archive *archive, const char *name, uint32_t *field);
void archive_u64(struct archive *archive, const char *name, uint64_t *field);

/* A reader whose fields cannot be true together gets ERR_CORRUPT; writers are not judged. */
void archive_require(struct archive *archive, bool is_sound);

#endif
