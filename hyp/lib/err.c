/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words for each error. Used where a failure is told to people; programs compare the
 * numbers of err.h.
 */
#include "lib/err.h"

const char *err_text(int err)
{
    switch (err) {
    case ERR_OK:
        return "no error";
    case ERR_NO_MEMORY:
        return "not enough memory or slots";
    case ERR_INVALID:
        return "the request makes no sense";
    case ERR_RANGE:
        return "address or size out of range";
    case ERR_EXISTS:
        return "the place is taken";
    case ERR_NOT_FOUND:
        return "there is no such thing";
    case ERR_UNSUPPORTED:
        return "not supported by this machine";
    case ERR_CORRUPT:
        return "the data is corrupt";
    case ERR_STATE:
        return "its state does not allow it";
    default:
        return "unknown error";
    }
}
