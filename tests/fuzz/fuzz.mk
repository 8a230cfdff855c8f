# SPDX-License-Identifier: BSD-2-Clause
#
# The fuzz targets of tests/fuzz, built by clang: the pure files and the fakes once more, with
# libFuzzer's counters. make fuzz T=60 runs each for so many seconds (scripts/fuzz).

FUZZ_CC      ?= clang
FUZZ         := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_OBJ      = $(patsubst %,$(B)/fuzz/%.o,$(1))
FUZZ_CFLAGS  := -std=c11 -g -O1 -Wall -Wextra -Werror -Wmissing-prototypes -D_GNU_SOURCE \
                -Ihyp -Iplatform -Itests -fsanitize=fuzzer-no-link,address,undefined \
                -fno-sanitize-recover=all -fno-omit-frame-pointer -MMD -MP
FUZZ_LDFLAGS := -fsanitize=fuzzer,address,undefined

$(B)/fuzz/%.c.o: %.c | setup
	@mkdir -p $(@D)
	$(call SAY,CC)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -c $< -o $@

$(B)/fuzz/libpure.a: $(call FUZZ_OBJ,$(PURE))
$(B)/fuzz/libfakes.a: $(call FUZZ_OBJ,$(wildcard tests/fakes/*.c))
$(B)/fuzz/lib%.a:
	@rm -f $@
	$(call SAY,AR)
	$(Q)$(AR) rcs $@ $^

$(FUZZ): $(B)/fuzz/%: $(B)/fuzz/tests/fuzz/%.c.o $(B)/fuzz/libpure.a $(B)/fuzz/libfakes.a
	$(call SAY,LD)
	$(Q)$(FUZZ_CC) $(FUZZ_LDFLAGS) -Wl,--start-group $^ -Wl,--end-group -lcmocka -lfdt -o $@

fuzz: all $(FUZZ)
	scripts/fuzz --seconds $(or $(T),60)
.PHONY: fuzz
