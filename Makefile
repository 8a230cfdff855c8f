# SPDX-License-Identifier: BSD-2-Clause
# make: the image. make run: two guests. make check: rules and unit tests. make test: everything.
# Set-up happens by itself (scripts/setup); what is fetched lies in the cache outside the tree.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

CROSS   ?= riscv64-linux-gnu-
CC_RV   := $(CROSS)gcc
OBJCOPY := $(CROSS)objcopy
HOSTCC  ?= gcc
PYTHON  ?= /usr/bin/python3
B       := build

CACHE   := $(shell scripts/setup --cache)
SYSROOT := $(CACHE)/trixie-riscv64/usr
LIBFDT  ?= $(SYSROOT)/lib/riscv64-linux-gnu/libfdt.a

# --- What is built, room by room. In a room every file belongs to it. ---
ROOMS    := boot console dev exit lib mem riscv sbi sched vcpu vm
HYP_SRC  := $(foreach room,$(ROOMS),$(wildcard hyp/$(room)/*.c hyp/$(room)/*.S))
HYP_SRC  += $(wildcard platform/*.c platform/drivers/*.c)
HYP_OBJ  := $(patsubst %,$(B)/%.o,$(HYP_SRC))

# Hardware files: everything else is pure, and tested on the host (STYLE 8).
HARDWARE := hyp/boot/% hyp/vcpu/enter.c hyp/vcpu/fetch.c hyp/vcpu/vscsr.c hyp/vcpu/kick.c \
            hyp/mem/fence.c platform/% %.S
PURE     := $(filter-out $(HARDWARE) hyp/lib/string.c,$(HYP_SRC))

GUESTS   := $(filter-out lib,$(notdir $(wildcard guest/*)))
GUEST_LIB_SRC := $(wildcard guest/lib/*.c guest/lib/*.S)

# --- Flags ---
WARN     := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow=local -Wvla
RV       := -march=rv64gc -mabi=lp64d -mcmodel=medany -msmall-data-limit=0
COMMON   := -std=c11 -g -O2 -ffreestanding -fno-tree-loop-distribute-patterns \
            -fno-asynchronous-unwind-tables $(RV) $(WARN) -MMD -MP
HYP_CFLAGS   := $(COMMON) -fpie -fno-jump-tables -ffixed-s2 -ffixed-s3 -ffixed-s4 -ffixed-s5 -ffixed-s6 -ffixed-s7 -ffixed-s8 -ffixed-s9 -ffixed-s10 -ffixed-s11 -include platform/include/hidden.h -fstack-protector --param=ssp-buffer-size=4 \
                -Ihyp -Iplatform -Iplatform/drivers -Iplatform/include -isystem $(SYSROOT)/include
HYP_LDFLAGS  := $(RV) -nostdlib -static-pie -Wl,--no-dynamic-linker,-z,text,--build-id=none \
                -Wl,-Bsymbolic,-z,noexecstack,--no-warn-rwx-segments -T linker/understudy.ld
GUEST_CFLAGS := $(COMMON) -fno-pie -fno-stack-protector -Ihyp -Iguest -Iguest/lib
GUEST_LDFLAGS := $(RV) -nostdlib -static -no-pie -Wl,--build-id=none,--no-warn-rwx-segments \
                 -T linker/guest.ld
HOST_CFLAGS  := -std=c11 -g -O1 $(WARN) -D_GNU_SOURCE -Ihyp -Iplatform -Itests \
                -fsanitize=address,undefined -fno-sanitize-recover=all --coverage -MMD -MP

.PHONY: all run test check rules unit bench gdb setup clean
all: setup $(B)/understudy.bin guests

# --- Set-up: quick when there is nothing to do ---
setup:
	@scripts/setup

$(LIBFDT): | setup

# --- The hypervisor ---
$(B)/hyp/%.c.o: hyp/%.c | setup
	@mkdir -p $(@D)
	$(CC_RV) $(HYP_CFLAGS) -c $< -o $@

$(B)/platform/%.c.o: platform/%.c | setup
	@mkdir -p $(@D)
	$(CC_RV) $(HYP_CFLAGS) -c $< -o $@

$(B)/hyp/%.S.o: hyp/%.S | setup
	@mkdir -p $(@D)
	$(CC_RV) $(HYP_CFLAGS) -DEMBEDDED_BUNDLE='"$(B)/default.itb"' -c $< -o $@

$(B)/hyp/boot/bundle.S.o: $(B)/default.itb

$(B)/understudy.elf: $(HYP_OBJ) $(LIBFDT) linker/understudy.ld
	$(CC_RV) $(HYP_LDFLAGS) $(HYP_OBJ) $(LIBFDT) -lgcc -o $@

$(B)/%.bin: $(B)/%.elf
	$(OBJCOPY) -O binary $< $@

# --- Guests ---
guests: $(foreach guest,$(GUESTS),$(B)/guest/$(guest)/$(guest).bin)
.PHONY: guests

$(B)/guest/%.o: guest/% | setup
	@mkdir -p $(@D)
	$(CC_RV) $(GUEST_CFLAGS) -c $< -o $@

define GUEST_RULE
$(B)/guest/$(1)/$(1).elf: $$(patsubst %,$(B)/%.o,$$(wildcard guest/$(1)/*.c guest/$(1)/*.S) \
                          $$(if $$(filter hello,$(1)),,$$(GUEST_LIB_SRC))) linker/guest.ld
	$(CC_RV) $(GUEST_LDFLAGS) $$(filter %.o,$$^) -o $$@
endef
$(foreach guest,$(GUESTS),$(eval $(call GUEST_RULE,$(guest))))

$(B)/default.itb: $(B)/guest/hello/hello.bin $(B)/guest/clock/clock.bin scripts/understudy Makefile
	scripts/understudy bundle -o $@ --vm kernel=$(B)/guest/hello/hello.bin,memory=8M \
	    --vm kernel=$(B)/guest/clock/clock.bin,memory=8M

run: all
	scripts/understudy run $(GUEST)

clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
