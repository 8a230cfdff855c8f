/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why something could not be done. Functions that can fail while a machine is built return 0 or
 * one of these; the caller undoes and reports (err_text names it for people).
 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

enum err {
    ERR_OK = 0,
    ERR_NO_MEMORY = -1,   /* no page, slot or id is free */
    ERR_INVALID = -2,     /* the request makes no sense */
    ERR_RANGE = -3,       /* an address or size lies outside what there is */
    ERR_EXISTS = -4,      /* the place is taken */
    ERR_NOT_FOUND = -5,   /* there is no such thing */
    ERR_UNSUPPORTED = -6, /* this machine cannot do it */
    ERR_CORRUPT = -7,     /* data does not match its check sum or format */
    ERR_STATE = -8,       /* not in the state that it is in */
};

/* A few words for `err`, never NULL. */
const char *err_text(int err);

#endif
