/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and writes the records of an archive; archive.h has their layout. The bytes may come
 * from another machine: a reader checks every length against what is left before it looks.
 * Integers are stored as they stand in memory, little-endian on every machine we run on.
 */
#include "lib/archive.h"

#include "lib/assert.h"
#include "lib/err.h"
#include "lib/string.h"

#define NAME_LENGTH_MAX 255

static void archive_init(struct archive *archive, bool is_writing, void *buffer, size_t size)
{
    archive->is_writing = is_writing;
    archive->buffer = buffer;
    archive->size = size;
    archive->position = 0;
    archive->error = ERR_OK;
}

void archive_init_writer(struct archive *archive, void *buffer, size_t size)
{
    archive_init(archive, true, buffer, size);
}

/* The cast drops a const that a reader keeps: it only reads the buffer. */
void archive_init_reader(struct archive *archive, const void *buffer, size_t size)
{
    archive_init(archive, false, (void *)buffer, size);
}

/* True if the next record of this length lies within the buffer. */
static bool record_fits(const struct archive *archive, size_t name_length, size_t size)
{
    size_t left = archive->size - archive->position;
    size_t head = 1 + name_length + sizeof(uint32_t);

    return left >= head && left - head >= size;
}

static uint8_t *put_bytes(uint8_t *place, const void *bytes, size_t size)
{
    memcpy(place, bytes, size);
    return place + size;
}

static void write_record(struct archive *archive, const char *name, size_t name_length,
                         const void *field, size_t size)
{
    uint32_t size_word = (uint32_t)size;
    uint8_t length_byte = (uint8_t)name_length;

    if (!record_fits(archive, name_length, size)) {
        archive->error = ERR_NO_MEMORY;
        return;
    }
    uint8_t *place = archive->buffer + archive->position;
    place = put_bytes(place, &length_byte, sizeof(length_byte));
    place = put_bytes(place, name, name_length);
    place = put_bytes(place, &size_word, sizeof(size_word));
    place = put_bytes(place, field, size);
    archive->position = (size_t)(place - archive->buffer);
}

/* True if the next record has exactly this name and size, and all of its bytes are there. */
static bool record_matches(const struct archive *archive, const char *name, size_t name_length,
                           size_t size)
{
    const uint8_t *place = archive->buffer + archive->position;
    uint32_t size_word;

    if (!record_fits(archive, name_length, size) || place[0] != name_length)
        return false;
    memcpy(&size_word, place + 1 + name_length, sizeof(size_word));
    return memcmp(place + 1, name, name_length) == 0 && size_word == size;
}

static void read_record(struct archive *archive, const char *name, size_t name_length, void *field,
                        size_t size)
{
    size_t head = 1 + name_length + sizeof(uint32_t);

    if (!record_matches(archive, name, name_length, size)) {
        archive->error = ERR_CORRUPT;
        return;
    }
    memcpy(field, archive->buffer + archive->position + head, size);
    archive->position += head + size;
}

void archive_bytes(struct archive *archive, const char *name, void *field, size_t size)
{
    size_t name_length = strlen(name);

    assert(name_length > 0 && name_length <= NAME_LENGTH_MAX);
    assert(size <= UINT32_MAX);
    if (archive->error)
        return;
    if (archive->is_writing)
        write_record(archive, name, name_length, field, size);
    else
        read_record(archive, name, name_length, field, size);
}

/* A bool in memory is only ever 0 or 1, so it goes through a byte that is checked. */
void archive_bool(struct archive *archive, const char *name, bool *field)
{
    uint8_t byte = *field;

    archive_bytes(archive, name, &byte, sizeof(byte));
    archive_require(archive, byte <= 1);
    if (!archive->error)
        *field = byte != 0;
}

void archive_u8(struct archive *archive, const char *name, uint8_t *field)
{
    archive_bytes(archive, name, field, sizeof(*field));
}

void archive_u32(struct archive *archive, const char *name, uint32_t *field)
{
    archive_bytes(archive, name, field, sizeof(*field));
}

void archive_u64(struct archive *archive, const char *name, uint64_t *field)
{
    archive_bytes(archive, name, field, sizeof(*field));
}

void archive_require(struct archive *archive, bool is_sound)
{
    if (!archive->error && !archive->is_writing && !is_sound)
        archive->error = ERR_CORRUPT;
}
