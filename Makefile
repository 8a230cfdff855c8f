# SPDX-License-Identifier: BSD-2-Clause
# make: the image. make run: two guests. make image: an SD card. make check: rules and unit tests.
# make fuzz [T=60]: the fuzz targets. make hostile: guests that misbehave. make test: everything.
# Set-up happens by itself (scripts/setup); what is fetched lies in the cache outside the tree.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

CROSS   ?= riscv64-linux-gnu-
CC_RV   := $(CROSS)gcc
OBJCOPY := $(CROSS)objcopy
HOSTCC  ?= gcc
AR      ?= ar
PYTHON  ?= /usr/bin/python3
B       := build
Q       := $(if $(V),,@)
SAY      = @$(if $(V),:,echo '  $(1) $@')

CACHE   := $(shell scripts/setup --cache)
SYSROOT := $(CACHE)/trixie-riscv64/usr
LIBFDT  ?= $(SYSROOT)/lib/riscv64-linux-gnu/libfdt.a

# --- What is built, room by room. In a room every file belongs to it. ---
ROOMS    := boot console dev exit explain gdb lib life mem monitor riscv sbi sched trace vcpu vm
HYP_SRC  := $(foreach room,$(ROOMS),$(wildcard hyp/$(room)/*.c hyp/$(room)/*.S))
HYP_SRC  += $(wildcard platform/*.c platform/drivers/*.c)
HYP_OBJ  := $(patsubst %,$(B)/%.o,$(HYP_SRC))

# Hardware files: everything else is pure, and tested on the host (STYLE 8).
HARDWARE := hyp/boot/% hyp/vcpu/fetch.c hyp/vcpu/vscsr.c hyp/vcpu/kick.c \
            hyp/mem/fence.c hyp/trace/put.c platform/% %.S
PURE     := $(filter-out $(HARDWARE) hyp/lib/string.c,$(HYP_SRC))
# Of platform/, what is tested on the host too: registers and device tree are memory there.
PURE     += platform/tree.c platform/drivers/ns16550.c

GUESTS   := $(filter-out lib,$(notdir $(wildcard guest/*)))
GUEST_LIB_SRC := $(wildcard guest/lib/*.c guest/lib/*.S)

# --- Flags ---
WARN     := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow=local -Wvla
RV       := -march=rv64gc -mabi=lp64d -mcmodel=medany -msmall-data-limit=0
COMMON   := -std=c11 -g -O2 -ffreestanding -fno-tree-loop-distribute-patterns \
            -fno-asynchronous-unwind-tables $(RV) $(WARN) -MMD -MP
# The hypervisor leaves s2 to s11 alone, so that vcpu/enter.S need not save its own.
FIXED    := $(foreach n,2 3 4 5 6 7 8 9 10 11,-ffixed-s$(n))
HYP_CFLAGS   := $(COMMON) -fpie -fno-jump-tables $(FIXED) -include platform/include/hidden.h \
                -fstack-protector --param=ssp-buffer-size=4 -mstack-protector-guard=global \
                -Ihyp -Iplatform -Iplatform/drivers -Iplatform/include -isystem $(SYSROOT)/include
HYP_LDFLAGS  := $(RV) -nostdlib -static-pie -Wl,--no-dynamic-linker,-z,text,--build-id=none \
                -Wl,-Bsymbolic,-z,noexecstack,--no-warn-rwx-segments -T linker/understudy.ld
GUEST_CFLAGS := $(COMMON) -fno-pie -fno-stack-protector -Ihyp -Iguest -Iguest/lib
GUEST_LDFLAGS := $(RV) -nostdlib -static -no-pie -Wl,--build-id=none,--no-warn-rwx-segments \
                 -T linker/guest.ld
HOST_CFLAGS  := -std=c11 -g -O1 $(WARN) -D_GNU_SOURCE -Ihyp -Iplatform -Itests \
                -fsanitize=address,undefined -fno-sanitize-recover=all --coverage -MMD -MP

.PHONY: all run tmux image hostile test test-long check fuzz model bench gdb setup setup-guests
.PHONY: clean viz setup-viz
NONE_BIN := $(if $(filter none,$(TRACE)),$(B)/none/understudy.bin)
all: setup $(B)/understudy.bin $(NONE_BIN) guests $(B)/host/explain

# --- Set-up: quick when there is nothing to do ---
setup:
	@scripts/setup

$(LIBFDT): | setup

# --- The hypervisor ---
$(B)/hyp/%.c.o: hyp/%.c | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC_RV) $(HYP_CFLAGS) -c $< -o $@

$(B)/platform/%.c.o: platform/%.c | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC_RV) $(HYP_CFLAGS) -c $< -o $@

$(B)/hyp/%.S.o: hyp/%.S | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC_RV) $(HYP_CFLAGS) -DEMBEDDED_BUNDLE='"$(B)/default.itb"' -c $< -o $@

$(B)/hyp/boot/bundle.S.o: $(B)/default.itb

$(B)/understudy.elf: $(HYP_OBJ) $(LIBFDT) linker/understudy.ld
	$(call SAY,LD)
	$(Q)$(CC_RV) $(HYP_LDFLAGS) $(HYP_OBJ) $(LIBFDT) -lgcc -o $@

$(B)/%.bin: $(B)/%.elf
	$(call SAY,OBJCOPY)
	$(Q)$(OBJCOPY) -O binary $< $@

# --- The same without trace points: make TRACE=none; for scripts/bench_trace ---
NONE     := $(B)/none/understudy
NONE_OBJ := $(patsubst %,$(B)/none/%.o,$(filter-out hyp/trace/% %.S,$(HYP_SRC)) \
                                       hyp/trace/none/trace_none.c) $(filter %.S.o,$(HYP_OBJ))

$(B)/none/%.c.o: %.c | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC_RV) -Ihyp/trace/none $(HYP_CFLAGS) -c $< -o $@

$(NONE).elf: $(NONE_OBJ) $(LIBFDT) linker/understudy.ld
	$(call SAY,LD)
	$(Q)$(CC_RV) $(HYP_LDFLAGS) $(NONE_OBJ) $(LIBFDT) -lgcc -o $@

# --- Guests ---
guests: $(foreach guest,$(GUESTS),$(B)/guest/$(guest)/$(guest).bin)
.PHONY: guests

$(B)/guest/%.o: guest/% | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC_RV) $(GUEST_CFLAGS) -c $< -o $@

define GUEST_RULE
$(B)/guest/$(1)/$(1).elf: $$(patsubst %,$(B)/%.o,$$(wildcard guest/$(1)/*.c guest/$(1)/*.S) \
                          $$(if $$(filter hello idle,$(1)),,$$(GUEST_LIB_SRC))) linker/guest.ld
	$$(call SAY,LD)
	$$(Q)$(CC_RV) $(GUEST_LDFLAGS) $$(filter %.o,$$^) -o $$@
endef
$(foreach guest,$(GUESTS),$(eval $(call GUEST_RULE,$(guest))))

$(B)/default.itb: $(B)/guest/hello/hello.bin $(B)/guest/clock/clock.bin scripts/understudy Makefile
	$(Q)scripts/understudy bundle -o $@ --vm kernel=$(B)/guest/hello/hello.bin,memory=8M \
	    --vm kernel=$(B)/guest/clock/clock.bin,memory=8M

# --- The program of tests/duplicate, for Linux; SHA-256 is the hypervisor's own ---
DUPLICATE        := $(B)/duplicate/duplicate
DUPLICATE_SRC    := $(wildcard tests/duplicate/*.c tests/duplicate/*.S) hyp/lib/sha256.c
DUPLICATE_CFLAGS := -std=gnu11 -O2 -march=rv64gc -mabi=lp64d $(WARN) -Ihyp -MMD -MP

$(B)/duplicate/%.o: % | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC_RV) $(DUPLICATE_CFLAGS) -c $< -o $@

$(DUPLICATE): $(patsubst %,$(B)/duplicate/%.o,$(DUPLICATE_SRC))
	$(call SAY,LD)
	$(Q)$(CC_RV) -static -s -pthread $^ -o $@

# --- Unit tests: the pure files and the fakes as libraries of the host ---
UNIT     := $(patsubst tests/%.c,$(B)/%,$(wildcard tests/unit/*/test_*.c))
HOST_OBJ  = $(patsubst %,$(B)/host/%.o,$(1))

$(B)/host/%.c.o: %.c | setup
	@mkdir -p $(@D); rm -f $(@:.o=.gcda)
	$(call SAY,CC)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -c $< -o $@

$(B)/host/libpure.a: $(call HOST_OBJ,$(PURE))
$(B)/host/libfakes.a: $(call HOST_OBJ,$(wildcard tests/fakes/*.c))
$(B)/host/lib%.a:
	@rm -f $@
	$(call SAY,AR)
	$(Q)$(AR) rcs $@ $^

$(UNIT): $(B)/%: $(B)/host/tests/%.c.o $(B)/host/libpure.a $(B)/host/libfakes.a
	@mkdir -p $(@D)
	$(call SAY,LD)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -Wl,--start-group $^ -Wl,--end-group -lcmocka -lfdt -o $@

include tests/fuzz/fuzz.mk

# --- The words of hyp/explain for GDB, the timeline page and people ---
EXPLAIN_SRC := $(wildcard tools/explain/*.c hyp/explain/*.c) hyp/riscv/cause.c hyp/riscv/insn.c \
               hyp/lib/format.c hyp/lib/json.c

$(B)/host/explain: $(EXPLAIN_SRC) $(wildcard tools/explain/*.h hyp/explain/*.h hyp/riscv/*.h)
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(HOSTCC) -std=c11 -O1 -g $(WARN) -D_GNU_SOURCE -Ihyp $(filter %.c,$^) -o $@

# --- The workloads of scripts/bench_linux, and the plugin that counts their instructions ---
BENCH_CFLAGS := -std=c11 -g -O2 $(WARN) -D_GNU_SOURCE

$(B)/bench/init: tests/bench/init.c $(wildcard tests/bench/work_*.c) tests/bench/bench.h | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(CC_RV) $(BENCH_CFLAGS) -static $(filter %.c,$^) -o $@

$(B)/bench/count.so: tests/bench/count.c tests/bench/qemu_plugin.h | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(HOSTCC) $(BENCH_CFLAGS) -fPIC -shared -fvisibility=hidden $< -o $@

# Above the memory that MEMORY of scripts/bench_lib/machines.py gives the guest.
$(B)/bench/floor.elf: tests/bench/floor.S | setup
	@mkdir -p $(@D)
	$(call SAY,LD)
	$(Q)$(CC_RV) $(GUEST_CFLAGS) -nostdlib -static -no-pie \
	    -Wl,--build-id=none,-N,--no-warn-rwx-segments,-Ttext=0xc0000000 $< -o $@

benchmark: $(B)/bench/init $(B)/bench/count.so $(B)/bench/floor.elf
.PHONY: benchmark

# --- What people call ---
# What makes a guest of another shape: make run GUEST=linux VCPUS=4 CPUS=2 MEMORY=1G CPU=max
comma := ,
SHAPE  = $(if $(VCPUS),$(comma)vcpus=$(VCPUS))$(if $(MEMORY),$(comma)memory=$(MEMORY))
run: all $(if $(filter linux uboot,$(GUEST)),setup-guests)
	scripts/understudy run $(GUEST)$(SHAPE) $(if $(CPUS),--cpus $(CPUS)) $(if $(CPU),--cpu $(CPU))

setup-guests: setup
	@scripts/setup --guests

# An SD card for boards: make image [GUEST=hello] [IMAGE=card.img]; docs/BOARDS.md
image: all $(if $(filter-out linux uboot,$(GUEST)),,setup-guests)
	scripts/image -o "$(or $(IMAGE),$(B)/understudy.img)" $(or $(GUEST),linux)$(SHAPE)

# The monitor and a console for each VM in panes: make tmux [GUEST="linux uboot"]
tmux: all $(if $(filter-out linux uboot,$(GUEST)),,setup-guests)
	scripts/tmux $(or $(GUEST),linux uboot)

# Guests that misbehave, beside one that must not notice: make hostile [CPUS=4] [CPU=rva23s64]
hostile: all
	scripts/hostile $(if $(CPUS),--cpus $(CPUS)) $(if $(CPU),--cpu $(CPU))

# A page that shows what happened: make viz [OUT=page.html] [JSON=trace.json]; docs/TIMELINE.md
viz: all setup-viz $(if $(JSON),,setup-guests)
	scripts/viz -o "$(or $(OUT),$(B)/timeline.html)" $(if $(JSON),"$(JSON)")

setup-viz: setup
	@scripts/setup --viz

gdb: all
	scripts/debug $(GUEST)

bench: all benchmark $(NONE).bin setup-guests
	scripts/bench
	scripts/bench_linux

check: all benchmark $(UNIT)
	@scripts/run_tests rules unit

# The protocols between harts, as models: tests/models/
model: setup
	@scripts/run_tests models

# Where the guests cannot be had, their tests say so.
test: all benchmark $(UNIT) $(DUPLICATE) $(FUZZ)
	@scripts/setup --guests || [ $$? -eq 3 ]
	@scripts/setup --viz || [ $$? -eq 3 ]
	@scripts/run_tests rules unit models system

test-long: all benchmark $(UNIT) $(DUPLICATE) $(FUZZ)
	@scripts/setup --guests || [ $$? -eq 3 ]
	@scripts/setup --viz || [ $$? -eq 3 ]
	-scripts/setup --qemu-7.2  # where it cannot be had, its tests say so
	@scripts/run_tests rules unit models system long

clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
