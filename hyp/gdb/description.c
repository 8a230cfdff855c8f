/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GDB wants the features of its manual, section "RISC-V Features", by their names, and registers by
 * theirs.
 */
#include "gdb/description.h"

#include "gdb/registers.h"
#include "lib/assert.h"
#include "lib/format.h"
#include "riscv/caps.h"

#define TEXT_MAX 16384

static char text[TEXT_MAX];
static size_t length;

static const char *const x_names[32] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                        "fp",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                        "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                        "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
static const char *const f_names[32] = {"ft0", "ft1", "ft2",  "ft3",  "ft4", "ft5", "ft6",  "ft7",
                                        "fs0", "fs1", "fa0",  "fa1",  "fa2", "fa3", "fa4",  "fa5",
                                        "fa6", "fa7", "fs2",  "fs3",  "fs4", "fs5", "fs6",  "fs7",
                                        "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    length += format_text_v(text + length, sizeof(text) - length, format, args);
    va_end(args);
    assert(length < sizeof(text));
}

static void put_reg(const char *name, unsigned bits, unsigned number, const char *type)
{
    put("<reg name=\"%s\" bitsize=\"%u\" regnum=\"%u\" type=\"%s\"/>\n", name, bits, number, type);
}

static void begin_feature(const char *name)
{
    put("<feature name=\"org.gnu.gdb.riscv.%s\">\n", name);
}

static void end(void)
{
    put("</feature>\n");
}

static void put_cpu(void)
{
    begin_feature("cpu");
    for (unsigned i = 0; i < 32; i++)
        put_reg(x_names[i], 64, i, i == REG_SP ? "data_ptr" : i == REG_RA ? "code_ptr" : "int");
    put_reg("pc", 64, REGISTERS_PC, "code_ptr");
    end();
}

/* The numbers of fflags, frm and fcsr belong to this feature. */
static bool is_fp(unsigned number)
{
    return number >= 1 && number <= 3;
}

static void put_csrs(bool of_fp)
{
    const char *name;
    unsigned number;

    for (unsigned i = 0; registers_csr(i, &name, &number); i++) {
        if (is_fp(number) == of_fp)
            put_reg(name, 64, REGISTERS_CSR + number, "uint64");
    }
}

static void put_fp(void)
{
    begin_feature("fpu");
    for (unsigned i = 0; i < 32; i++)
        put_reg(f_names[i], 64, REGISTERS_F + i, "ieee_double");
    put_csrs(true);
    end();
}

/* Each of them as numbers of any width. */
static void put_vector(void)
{
    static const char *const parts[] = {"bytes", "shorts", "words", "longs"};
    char name[4];

    begin_feature("vector");
    for (unsigned i = 0; i < 4; i++)
        put("<vector id=\"%s\" type=\"uint%u\" count=\"%u\"/>\n", parts[i], 8U << i,
            caps.vlenb >> i);
    put("<union id=\"vector\">\n");
    for (unsigned i = 0; i < 4; i++)
        put("<field name=\"%c\" type=\"%s\"/>\n", parts[i][0], parts[i]);
    put("</union>\n");
    for (unsigned i = 0; i < 32; i++) {
        format_text(name, sizeof(name), "v%u", i);
        put_reg(name, 8 * caps.vlenb, REGISTERS_V + i, "vector");
    }
    end();
}

const char *description_text(size_t *text_length)
{
    length = 0;
    put("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n"
        "<architecture>riscv:rv64</architecture>\n<osabi>none</osabi>\n");
    put_cpu();
    put_fp();
    begin_feature("virtual");
    put_reg("priv", 64, REGISTERS_PRIV, "int");
    end();
    begin_feature("csr");
    put_csrs(false);
    end();
    if (caps.v)
        put_vector();
    put("</target>\n");
    *text_length = length;
    return text;
}
