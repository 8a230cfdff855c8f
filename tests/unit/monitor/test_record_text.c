/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every kind of record in words, and records that nobody makes.
 */
#include "monitor/record_text.h"

#include "fakes/caps.h"
#include "riscv/cause.h"
#include "riscv/sbi.h"
#include "vcpu/verdict.h"
#include "vm/vm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    struct trace_record record;
    const char *kind;
    const char *text;
} rows[] = {
    {{.kind = TRACE_KIND_ENTRY, .value = {1, 2, 3}}, "entry", "at 0x1, hstatus 0x2, sstatus 0x3"},
    {{.kind = TRACE_KIND_EXIT, .detail = EXIT_YIELD, .value = {CAUSE_INTERRUPT | 5, 0x80, [5] = 7}},
     "exit",
     "interrupt 5 at 0x80: yields, 700 ns"},
    {{.kind = TRACE_KIND_EXIT,
      .detail = EXIT_ADVANCE,
      .value = {CAUSE_LOAD_GUEST_PAGE_FAULT, 0x80, 0xffff0005, 0x4000001, 0, 3}},
     "exit",
     "load guest-page fault at 0x80, address 0x10000005: done, 300 ns"},
    {{.kind = TRACE_KIND_EXIT, .detail = 99, .value = {CAUSE_ECALL_VS, 0x80}},
     "exit",
     "environment call from VS-mode at 0x80: ?, 0 ns"},
    {{.kind = TRACE_KIND_SBI, .value = {SBI_EXT_TIME, 0, 5, 6, (uint64_t)-2, 9}},
     "sbi",
     "TIME 0 (0x5, 0x6): -2, 0x9"},
    {{.kind = TRACE_KIND_MMIO, .detail = 4, .value = {0x10, 0x20, 1}},
     "mmio",
     "load of 4 at 0x10, 0x20"},
    {{.kind = TRACE_KIND_MMIO, .detail = 0x80 | 0x40 | 1, .value = {0x10, 0x20, 1}},
     "mmio",
     "store of 1 at 0x10, 0x20: no device"},
    {{.kind = TRACE_KIND_CSR, .value = {0xc00, 4}}, "csr", "CSR 0xc00 is 0x4"},
    {{.kind = TRACE_KIND_CSR, .detail = 0x80, .value = {0xc00, 4, 5}},
     "csr",
     "CSR 0xc00, 0x4 becomes 0x5"},
    {{.kind = TRACE_KIND_INJECT, .value = {CAUSE_ILLEGAL_INSN, 1, 2, 0, 0, 3}},
     "inject",
     "illegal instruction at 0x1, stval 0x2: to 0x3"},
    {{.kind = TRACE_KIND_INTERRUPT, .value = {4, 0, 4}},
     "interrupt",
     "raised 0x4, lowered 0x0, hvip 0x4"},
    {{.kind = TRACE_KIND_REQUEST, .value = {1, 2, 3, 1}},
     "request",
     "0x1 of VM 2 vCPU 3, kicks hart 1"},
    {{.kind = TRACE_KIND_REQUEST, .value = {1, 2, 3, UINT64_MAX}}, "request", "0x1 of VM 2 vCPU 3"},
    {{.kind = TRACE_KIND_WIRE, .detail = 1, .value = {10}}, "wire", "source 10 raised"},
    {{.kind = TRACE_KIND_WIRE, .value = {10}}, "wire", "source 10 lowered"},
    {{.kind = TRACE_KIND_SWITCH, .value = {UINT64_MAX}}, "switch", "takes the hart"},
    {{.kind = TRACE_KIND_SWITCH, .value = {2 << 16 | 3}},
     "switch",
     "takes the hart from VM 2 vCPU 3"},
    {{.kind = TRACE_KIND_SCHED, .detail = TRACE_SCHED_SENT, .value = {1}},
     "sched",
     "sent to hart 1"},
    {{.kind = TRACE_KIND_SCHED, .detail = TRACE_SCHED_DIRECTED, .value = {2 << 16 | 3}},
     "sched",
     "gives way to vCPU 3"},
    {{.kind = TRACE_KIND_SCHED, .detail = TRACE_SCHED_BLOCK}, "sched", "sleeps"},
    {{.kind = TRACE_KIND_SCHED, .detail = 77}, "sched", "?"},
    {{.kind = TRACE_KIND_LIFE, .detail = VM_PAUSED, .value = {VM_RUNNING}},
     "life",
     "paused, was running"},
    {{.kind = TRACE_KIND_LIFE, .detail = 200, .value = {UINT64_MAX}}, "life", "?, was ?"},
    {{.kind = TRACE_KIND_NAME, .detail = 5, .value = {0x78756e696c}}, "name", "linux"},
    {{.kind = TRACE_KIND_NAME, .detail = 255}, "name", ""},
    {{.kind = TRACE_KIND_BOUND, .value = {8, 9}}, "bound", "hgatp 0x8, generation 9"},
    {{.kind = TRACE_KIND_DROP, .value = {4}}, "drop", "4 records were lost before this"},
    {{.kind = 0}, "?", ""},
    {{.kind = 255}, "?", ""},
};

static void each_is_told(void **state)
{
    (void)state;
    caps_reset();
    caps.timebase = 10000000;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[120];

        record_text(&rows[i].record, text, sizeof(text));
        assert_string_equal(record_text_kind(&rows[i].record), rows[i].kind);
        assert_string_equal(text, rows[i].text);
    }
}

static void a_text_may_be_cut(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[4];

        record_text(&rows[i].record, text, sizeof(text));
        assert_memory_equal(text, rows[i].text, strnlen(text, sizeof(text)));
        assert_true(strnlen(text, sizeof(text)) < sizeof(text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told),
        cmocka_unit_test(a_text_may_be_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
