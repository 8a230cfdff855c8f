/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU that moves from hart to hart is on one of them at most, misses no interrupt, and never
 * uses a translation or an instruction that another hart was told is gone. Run by
 * scripts/check_models; wake.pml comes before, and has the steps of waking one by one.
 *
 * Two harts, two vCPUs, each of its own VM and both at first on hart 0. A hart may give any vCPU
 * that could run to the other one at any time, where it is loaded after saving it: who is given
 * when, is policy. Meanwhile others send vCPU 0 an interrupt (-DWAKING), or take a page of its VM away
 * (-DTRANSLATION; a hart has two VMIDs, so that generations end), or it writes code (-DCODE).
 *
 * Each WITHOUT_... takes one step away or puts it in another place; then the check must fail.
 */
#define HARTS     2
#define VCPUS     2
#define VMIDS     2
#define NOBODY    255
#define GIVES     2 /* how often vCPUs move */

#define INTERRUPT 1 /* VCPU_REQUEST_INTERRUPT */
#define FENCE     2 /* of the G-stage, asked as VCPU_REQUEST_FENCE_VVMA is: it wakes nobody */

/* struct vcpu: what any hart writes. */
byte requests[VCPUS];
bit changed;        /* vcpu_pending of vCPU 0 */
bit in_guest[VCPUS], is_blocked[VCPUS];
byte mail_next[VCPUS];
bit home[VCPUS];

/* struct vcpu: the home hart's alone. */
bit waits[VCPUS];   /* it ended its turn by WFI, and is not ready */
bit is_moving[VCPUS];
bit hvip;           /* of vCPU 0 */
byte vmid_generation[VCPUS], vmid_number[VCPUS]; /* struct vmid */

/* struct hart: mail is written by any hart. */
byte mail[HARTS] = NOBODY;
chan ready[HARTS] = [VCPUS] of {byte}; /* the current one first */
byte loaded[HARTS] = NOBODY;
byte pool_generation[HARTS], pool_next[HARTS] = VMIDS; /* struct vmid_pool */

/* The machine: IPIs; what hgatp says; whether the guest runs; and what is cached of it. */
bit ssip[HARTS];
byte hgatp_number[HARTS], hgatp_owner[HARTS] = NOBODY;
bit runs[HARTS];
byte tlb[HARTS * VMIDS]; /* 0: nothing; else CACHED */
bit has_old_code[HARTS] = 1; /* of vCPU 0, in what the hart fetches from */

/* VM 0: its table and its code in memory, 1 when new; and what others count on. */
bit table, code, is_old_gone, is_owed;
bit has_it[VCPUS];  /* which hart has the vCPU in its queues, or sleeping */
byte gives;

#define OTHER(h)          (1 - (h))
#define TLB(h, n)         tlb[(h) * VMIDS + (n)]
#define USED(h)           TLB(h, hgatp_number[h])
#define CACHED(v, table)  (1 + 2 * (v) + ((v) == 0 && (table)))

/* vcpu/request.c, send_mail */
inline send_mail(v, h)
{
    atomic { mail_next[v] = mail[h]; mail[h] = v } /* compare and exchange */
}

/* vcpu/request.c, vcpu_request, by another hart. The caller has `where`. */
inline request(v, bits)
{
    requests[v] = requests[v] | bits;
    if
    :: is_blocked[v] ->
       if
       :: atomic { ((bits) & INTERRUPT) && is_blocked[v] -> is_blocked[v] = 0 }
          where = home[v];
          send_mail(v, where);
          ssip[where] = 1
       :: else
       fi
    :: else ->
       if
       :: in_guest[v] -> where = home[v]; ssip[where] = 1
       :: else
       fi
    fi;
    where = 0
}

/* vcpu/pending.c, pending_take, for vCPU 0 */
inline take_pending(v)
{
    atomic {
        hvip = hvip || v == 0 && changed;
        changed = changed && v != 0
    }
}

/* sched/queue.c, queue_add */
inline make_ready(v, h)
{
    assert(has_it[v] == h && !is_blocked[v]);
    ready[h]!v
}

/* sched/sleep.c, sleep_settle; vcpu/request.c, vcpu_announce_block */
inline settle(v, h)
{
    assert(waits[v] && has_it[v] == h);
    do
    :: requests[v] = requests[v] & ~INTERRUPT;
       take_pending(v);
       if
       :: atomic { v == 0 && hvip -> waits[v] = 0; make_ready(v, h); break }
       :: else
       fi;
       is_blocked[v] = 1;
       if
       :: !(requests[v] & INTERRUPT) -> break
       :: else
       fi;
       if
       :: atomic { is_blocked[v] -> is_blocked[v] = 0 }
       :: else -> break /* the mail wakes it */
       fi
    od
}

/* sched/sleep.c, arrive; vcpu/request.c, vcpu_settle; vm/fence.c, vm_arrive */
inline arrive(v, h)
{
    has_it[v] = h;
    is_moving[v] = 0;
#ifndef WITHOUT_NEW_HOME
    home[v] = h;
#endif
#ifndef WITHOUT_FENCE_I
    has_old_code[h] = 0;
#endif
    make_ready(v, h)
}

/* mem/vmid.c, vmid_take. A generation's number: its pool in the lowest bit, a count above it. */
#ifdef WITHOUT_POOL_IN_GENERATION
#define FIRST_GENERATION(h) 2
#else
#define FIRST_GENERATION(h) (2 + (h))
#endif
inline vmid_take(v, h)
{
    if
    :: vmid_generation[v] == pool_generation[h] -> is_new = 0
    :: else ->
       is_new = pool_next[h] == VMIDS;
       if
       :: is_new -> pool_generation[h] = pool_generation[h] + 2; pool_next[h] = 0
       :: else
       fi;
       vmid_generation[v] = pool_generation[h];
       vmid_number[v] = pool_next[h];
       pool_next[h] = pool_next[h] + 1
    fi
}

#define DROP_ALL(h) TLB(h, 0) = 0; TLB(h, 1) = 0

/* The hart's page-table walker may fill the TLB at any time, for what hgatp says: Priv 21.5.3
 * (Memory-Management Fences). At once is the worst time: what it finds later is newer. */
#define WALK(h)                                                                                    \
    if                                                                                             \
    :: USED(h) == 0 && hgatp_owner[h] != NOBODY -> USED(h) = CACHED(hgatp_owner[h], table)         \
    :: else                                                                                        \
    fi

/* sched/run.c, load; vm/vm.c, vm_bind; vcpu/vscsr.c, load_translation */
inline load(v, h)
{
    atomic {
        assert(loaded[OTHER(h)] != v);
        loaded[h] = v;
        vmid_take(v, h)
#ifdef WITHOUT_HGATP_FIRST
        ;
        if
        :: is_new -> DROP_ALL(h); WALK(h)
        :: else
        fi
#endif
    }
    atomic { hgatp_owner[h] = v; hgatp_number[h] = vmid_number[v]; WALK(h) }
#if !defined(WITHOUT_HGATP_FIRST) && !defined(WITHOUT_FENCE_OF_GENERATION)
    if
    :: atomic { is_new -> DROP_ALL(h); WALK(h) }
    :: else
    fi;
#endif
    is_new = 0
}

/* sched/run.c, run_forever */
proctype hart(bit h)
{
    byte letter, next, v, asked, where;
    bit has_vtw, is_new;

pick:
    /* queue_pick: read_mail */
    atomic { letter = mail[h]; mail[h] = NOBODY }
    do
    :: letter != NOBODY ->
       next = mail_next[letter];
       if
       :: atomic { is_moving[letter] -> arrive(letter, h) }
       :: else -> settle(letter, h)
       fi;
       atomic { letter = next; next = 0 }
    :: else -> break
    od;
    letter = 0;

    /* sched/queue.c, balance, with put_aside */
    if
    :: atomic {
           gives < GIVES && len(ready[h]) > 0 -> gives++;
           if
           :: ready[h]??[0] -> letter = 0
           :: ready[h]??[1] -> letter = 1
           fi;
           ready[h]??eval(letter);
#ifndef WITHOUT_SAVE
           loaded[h] = (loaded[h] == letter -> NOBODY : loaded[h]);
#endif
#ifndef WITHOUT_MARK
           is_moving[letter] = 1
#endif
       }
       send_mail(letter, OTHER(h)); /* vcpu_send */
#ifndef WITHOUT_KICK
       ssip[OTHER(h)] = 1;
#endif
       letter = 0;
       goto pick
    :: true
    fi;

choose:
    if
    :: empty(ready[h]) ->
       /* platform_wait, platform_interrupts */
end_idle:
       atomic { ssip[h] -> ssip[h] = 0; goto pick }
    :: nempty(ready[h])
    fi;
    atomic {
        if
        :: len(ready[h]) > 1 -> ready[h]?v; ready[h]!v /* a slice may have ended */
        :: true
        fi;
        ready[h]?<v>;
        has_vtw = len(ready[h]) > 1
    }
    if
    :: loaded[h] != v ->
#ifndef TRANSLATION
       atomic { hgatp_owner[h] = v; assert(loaded[OTHER(h)] != v); loaded[h] = v }
#else
       load(v, h)
#endif
    :: else
    fi;

enter:
    /* run_once: vcpu_announce_entry */
    in_guest[v] = 1;
    asked = requests[v];
    if
    :: asked ->
       in_guest[v] = 0;
       atomic { asked = requests[v]; requests[v] = 0 }
       /* serve */
       if
       :: asked & INTERRUPT -> take_pending(v)
       :: else
       fi;
       atomic {
#ifndef WITHOUT_FENCE_ON_ENTRY
           if
           :: asked & FENCE -> USED(h) = 0; WALK(h)
           :: else
           fi;
#endif
           asked = 0;
           goto resume
       }
    :: else
    fi;

guest:
    runs[h] = 1;
    if
    :: atomic { ssip[h] -> runs[h] = 0 }
       in_guest[v] = 0;
       ssip[h] = 0;
       goto pick
    :: atomic { v == 0 && hvip -> hvip = 0; is_owed = 0; goto guest }
#ifdef CODE
    :: atomic { v == 0 && !code -> code = 1; has_old_code[h] = 0; goto guest } /* and FENCE.I */
#endif
    :: atomic { has_vtw -> runs[h] = 0 } /* its slice ends */
       in_guest[v] = 0;
       goto pick
#ifdef WAKING
    :: atomic { has_vtw && !(v == 0 && hvip) -> runs[h] = 0 } /* WFI traps */
       in_guest[v] = 0
    :: atomic { !(v == 0 && hvip) -> runs[h] = 0 } /* SBI suspends it */
       in_guest[v] = 0
#endif
    :: !has_vtw && !(v == 0 && hvip) && !ssip[h] -> /* WFI does not trap */
end_asleep:
       ssip[h];
       goto guest
    fi;

    /* queue_block */
    atomic { ready[h]?v; waits[v] = 1; loaded[h] = NOBODY }
    settle(v, h);
    goto pick;

resume:
    /* run: its loop */
    if
    :: mail[h] == NOBODY -> goto enter
    :: else -> goto pick
    fi
}

/* vcpu/request.c, vcpu_interrupt */
proctype asker()
{
    byte where;

    atomic { changed = 1; is_owed = 1 }
    request(0, INTERRUPT)
}

/* A page of VM 0 is taken away. vcpu/request.c, vcpu_request_await: it leaves its loop when one of
 * the two is seen. */
proctype remapper()
{
    byte where;

    table = 1;
#ifndef WITHOUT_REQUEST
    request(0, FENCE);
#endif
#ifndef WITHOUT_AWAIT
    !in_guest[0] || !(requests[0] & FENCE);
#endif
    is_old_gone = 1
}

#define IS_WRONG(h)                                                                                \
    (runs[h] && (USED(h) != 0 && USED(h) != CACHED(hgatp_owner[h], 0) &&                           \
                     USED(h) != CACHED(hgatp_owner[h], 1) ||                                       \
                 hgatp_owner[h] == 0 &&                                                            \
                     (is_old_gone && USED(h) == CACHED(0, 0) || code && has_old_code[h])))

/* No guest runs on what is another's, or gone. */
proctype isolation()
{
end:
    atomic { IS_WRONG(0) || IS_WRONG(1) -> assert(false) }
}

/* Nothing can move: then all sleep, and have seen all. */
proctype check()
{
    byte v;

    timeout;
    do
    :: v < VCPUS ->
       assert(is_blocked[v] ||
              len(ready[home[v]]) == 1 && ready[home[v]]??[eval(v)] && loaded[home[v]] == v);
       v++
    :: else -> break
    od;
    assert(!changed && !hvip && !is_owed)
}

init
{
    atomic {
        ready[0]!0;
        ready[0]!1;
        pool_generation[0] = FIRST_GENERATION(0);
        pool_generation[1] = FIRST_GENERATION(1);
        run hart(0);
        run hart(1);
#ifdef WAKING
        run asker();
#endif
#ifdef TRANSLATION
        run remapper();
#endif
        run isolation();
        run check()
    }
}
