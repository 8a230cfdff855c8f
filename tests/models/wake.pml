/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No wake-up is lost: pending bit, kick, and the three ways to sleep. A vCPU is blocked by its home
 * hart; alone on its hart, its WFI is the hart's own; and a hart with nothing to do waits. Run by
 * scripts/check_models.
 *
 * One hart, home of two vCPUs. Two other harts ask, at any time; or one does, and vCPU 0 has a
 * timer (-DTIMED), or somebody pauses its machine and may resume it (-DPAUSED). A step here is one
 * access to what harts share, with any number to what is the home hart's alone: those stand in
 * `atomic`. Each step names the C that it stands for. In the end, when nothing can move any more,
 * who is paused is off its hart, and nobody else is left with an interrupt that it has not seen.
 *
 * Left out: hart_stop and VCPU_REQUEST_STOP, which wake by the same steps; caps; the length of a
 * slice: it may end at any time, or never; and a hart without Sstc.
 *
 * Each WITHOUT_... takes one step away or puts it in another place; then the check must fail.
 */
#define VCPUS     2
#define NOBODY    255
#define INTERRUPT 1 /* VCPU_REQUEST_INTERRUPT */
#define TIMER     2 /* VCPU_REQUEST_TIMER */
#define STATE     4 /* VCPU_REQUEST_STATE, of VCPU_REQUESTS_HELD */

/* struct vcpu: what any hart writes. */
byte requests[VCPUS];
bit changed[VCPUS], level[VCPUS]; /* struct vcpu_pending */
bit in_guest[VCPUS], is_blocked[VCPUS];
byte mail_next[VCPUS];

/* struct hart: home.mail is written by any hart, the rest by itself. */
byte mail = NOBODY;
chan ready = [VCPUS] of {byte}; /* the current one first */
bit is_ready[VCPUS];
bit sleeps; /* vCPU 0 is in `sleepers` */

/* vm->state of vCPU 0's machine; that of vCPU 1 is another one. */
bit is_paused;

/* The machine. timer_on: vCPU 0 has set its timer; has_come: its time has come. */
bit ssip, timer_armed, has_come;
bit timer_on;
bit hvip[VCPUS];
bit in_store; /* WITHOUT_FENCE: in_guest = 1 of the running vCPU is in its hart's store buffer */

/* For the check only: taken out of `changed`, and its guest has not seen it. */
bit is_owed[VCPUS];

#define IS_PAUSED(v) ((v) == 0 && is_paused)
#define HAS_STIP     (timer_armed && has_come)
#define HAS_VSTIP(v) ((v) == 0 && timer_on && has_come)
#define HAS_HOST     (ssip || HAS_STIP)
#define HAS_GUEST(v) (hvip[v] || HAS_VSTIP(v))

/* vcpu/kick.c, kick_home */
inline kick(is_home)
{
    if
    :: is_home -> skip
    :: else -> ssip = 1
    fi
}

/* vcpu/request.c, send_mail: its loop */
inline send_mail(v)
{
    do
    :: atomic { first = mail; mail_next[v] = first }
       if
       :: atomic { mail == first -> mail = v; first = 0; break }
       :: else
       fi
    od
}

/* vcpu/request.c, vcpu_request. The caller has `first`; `is_home`: it is the vCPU's own hart. */
inline request(v, bits, is_home)
{
    requests[v] = requests[v] | bits;
    if
    :: is_blocked[v] ->
#ifdef WITHOUT_EXCHANGE
       is_blocked[v] = 0;
       send_mail(v);
       kick(is_home)
#else
       if
       :: atomic { is_blocked[v] -> is_blocked[v] = 0 }
          send_mail(v);
#ifndef WITHOUT_KICK_OF_BLOCKED
          kick(is_home)
#endif
       :: else
       fi
#endif
    :: else ->
       if
#ifndef WITHOUT_KICK_IN_GUEST
       :: in_guest[v] -> kick(is_home)
#endif
       :: else
       fi
    fi
}

/* vcpu/pending.c, pending_set; vcpu/request.c, vcpu_interrupt */
inline interrupt(v, is_home)
{
#ifdef WITHOUT_LEVEL_FIRST
    changed[v] = 1;
    level[v] = 1;
#else
    level[v] = 1;
    changed[v] = 1;
#endif
    request(v, INTERRUPT, is_home)
}

/* vcpu/pending.c, pending_take: the first half. The second is hvip's new value: GIVE. */
inline take_changed(v)
{
    atomic { taken = changed[v]; is_owed[v] = is_owed[v] | taken; changed[v] = 0 }
}
#define GIVE(v) hvip[v] = hvip[v] | (taken && level[v]); taken = 0

/* sched/queue.c, queue_add */
inline make_ready(v)
{
    assert(!is_ready[v]);
    is_ready[v] = 1;
    ready!v
}

/* vcpu/request.c, vcpu_announce_block. `sleeps_on`: what it does not return. */
inline announce_block(v, waking)
{
    is_blocked[v] = 1;
#ifdef WITHOUT_RECHECK
    sleeps_on = 1
#else
    if
    :: !(requests[v] & (waking)) -> sleeps_on = 1
    :: else ->
       if
       :: atomic { is_blocked[v] -> is_blocked[v] = 0 }
       :: else -> sleeps_on = 1 /* the mail wakes it */
       fi
    fi
#endif
}

/* sched/sleep.c, is_paused */
inline look_whether_paused(v)
{
    do
    :: atomic { asked = asked | (requests[v] & STATE); requests[v] = requests[v] & ~STATE }
       if
       :: !IS_PAUSED(v) -> break
       :: else
       fi;
       announce_block(v, STATE);
       if
       :: sleeps_on -> break
       :: else
       fi
    od
}

/* sched/sleep.c, sleep_settle, with insert_sleeper; sched/waiting.c, waiting_is_over */
#ifdef WITHOUT_STATE_LEFT
#define TAKEN_LATER (INTERRUPT | TIMER | STATE)
#else
#define TAKEN_LATER (INTERRUPT | TIMER)
#endif
inline settle(v)
{
    do
    :: now = has_come;
       look_whether_paused(v);
       if
       :: atomic { sleeps_on -> sleeps_on = 0; asked = 0; now = 0; break }
       :: else
       fi;
#ifdef WITHOUT_REQUESTS_FIRST
       take_changed(v);
       atomic { GIVE(v) }
#endif
       atomic {
           asked = asked | (requests[v] & TAKEN_LATER);
           requests[v] = requests[v] & ~TAKEN_LATER
       }
#ifndef WITHOUT_REQUESTS_FIRST
       take_changed(v);
       atomic { GIVE(v) }
#endif
       if
       :: atomic {
              hvip[v] || v == 0 && timer_on && now || (asked & STATE) ->
              asked = 0;
              now = 0;
              make_ready(v);
              break
          }
       :: atomic { else -> asked = 0; now = 0; sleeps = sleeps || v == 0 && timer_on }
       fi;
       announce_block(v, INTERRUPT | TIMER | STATE);
       if
       :: atomic { sleeps_on -> sleeps_on = 0; break }
       :: atomic { else -> sleeps = sleeps && v != 0 }
       fi
    od
}

/* sched/sleep.c, sleep_end_due: vCPU 0 is the only one with a deadline */
inline wake_sleepers()
{
    if
    :: atomic { sleeps && has_come -> sleeps = 0 }
       request(0, TIMER, true)
    :: else
    fi
}

/* sched/sleep.c, sleep_read_mail */
inline read_mail()
{
    atomic { letter = mail; mail = NOBODY }
    do
    :: atomic {
           letter != NOBODY -> next = mail_next[letter]; sleeps = sleeps && letter != 0
       }
       settle(letter);
       atomic { letter = next; next = 0 }
    :: else -> break
    od;
    letter = 0
}

/* platform/services.c, platform_interrupts */
inline take_host_interrupts()
{
    atomic {
        ssip = 0;
        timer_armed = timer_armed && !has_come
    }
}

#ifdef WITHOUT_CLEARING_FIRST
#define CLEAR_FIRST skip
#else
#define CLEAR_FIRST take_host_interrupts()
#endif

/* sched/run.c, arm_timer. The running vCPU has Sstc. */
#ifdef WITHOUT_TIMER
#define ARM_TIMER skip
#else
#define ARM_TIMER timer_armed = sleeps
#endif

/* vcpu/request.h, vcpu_announce_exit */
#define ANNOUNCE_EXIT(v) !in_store; in_guest[v] = 0

/* The home hart: sched/run.c, run_forever. */
proctype home()
{
    byte first, letter, next, v, asked;
    bit taken, now, has_vtw, was_ipi_sent, sleeps_on;

pick:
    /* queue_pick */
    wake_sleepers();
    read_mail();
#ifdef WITHOUT_CLEARING_FIRST
    take_host_interrupts();
#endif
    if
    :: atomic { empty(ready) -> ARM_TIMER }
#ifdef WITHOUT_WAIT_FOR_PENDING
       ssip = 0; /* as if WFI waited for what comes from now on */
#endif
       /* platform_wait */
end_idle:
       HAS_HOST;
       CLEAR_FIRST;
       goto pick
    :: nempty(ready)
    fi;
    atomic {
        /* turn_slices */
        if
        :: len(ready) > 1 -> ready?v; ready!v
        :: true
        fi;
        /* run: load, choose_wfi, update_timer */
        ready?<v>;
#ifdef WITHOUT_VTW
        has_vtw = 0;
#else
        has_vtw = len(ready) > 1; /* !queue_may_sleep */
#endif
        ARM_TIMER
    }

enter:
    /* run_once: vcpu_announce_entry */
#ifdef WITHOUT_ENTRY_FIRST
    asked = requests[v];
    in_guest[v] = 1;
#else
#ifdef WITHOUT_FENCE
    in_store = 1;
#else
    in_guest[v] = 1;
#endif
    asked = requests[v];
#endif
    if
    :: asked ->
       atomic { ANNOUNCE_EXIT(v) }
       atomic { asked = requests[v]; requests[v] = 0 }
       /* serve */
       if
       :: (asked & STATE) && IS_PAUSED(v) -> requests[v] = requests[v] | asked; goto block
       :: else
       fi;
       if
       :: asked & INTERRUPT -> take_changed(v); atomic { GIVE(v) }
       :: else
       fi;
       atomic {
           if
           :: asked & TIMER -> ARM_TIMER
           :: else
           fi;
           asked = 0;
           goto resume
       }
    :: else
    fi;

guest:
    if
    :: HAS_HOST ->
       atomic { ANNOUNCE_EXIT(v) }
       CLEAR_FIRST;
       goto pick
    :: atomic {
           hvip[v] -> hvip[v] = 0;
           is_owed[v] = 0;
           if
           :: v == 1 && !was_ipi_sent -> was_ipi_sent = 1 /* by SBI, to a vCPU of its hart */
           :: else -> goto guest
           fi
       }
       atomic { ANNOUNCE_EXIT(v) }
       interrupt(0, true);
       goto resume
    :: atomic { HAS_VSTIP(v) -> timer_on = 0; goto guest }
    :: has_vtw -> /* its slice ends */
       atomic { ANNOUNCE_EXIT(v) }
progress_yield:
       goto pick
    :: has_vtw && !HAS_GUEST(v) -> /* WFI traps */
       atomic { ANNOUNCE_EXIT(v) }
       if
       :: atomic { HAS_GUEST(v) -> goto pick } /* may_continue */
       :: else
       fi
    :: !has_vtw && !HAS_GUEST(v) && !HAS_HOST -> /* WFI does not trap */
end_asleep:
       HAS_HOST || HAS_GUEST(v);
       goto guest
    :: !HAS_GUEST(v) -> /* SBI suspends it */
       atomic { ANNOUNCE_EXIT(v) }
    fi;

block:
    /* queue_block */
    asked = 0;
    atomic { ready?v; is_ready[v] = 0 }
    settle(v);
    goto pick;

resume:
    /* run: its loop */
#ifdef WITHOUT_LOOK_AT_MAIL
    goto enter
#else
    if
    :: mail == NOBODY -> goto enter
    :: else -> goto pick
    fi
#endif
}

/* Others see a store later; a fence waits for that. Unpriv, "RVWMO Memory Consistency Model". */
proctype store_buffer()
{
    byte v;

end:
    do
    :: atomic { in_store -> ready?<v>; in_guest[v] = 1; in_store = 0; v = 0 }
    od
}

/* Other harts: an SBI call of a guest there, or a device. */
proctype asker_of_one()
{
    byte first;

    interrupt(0, false)
}

proctype asker_of_both()
{
    byte first;

    interrupt(1, false);
    interrupt(0, false)
}

proctype clock()
{
    has_come = 1
}

/* vm/stop.c, vm_pause, and perhaps vm_resume */
proctype pauser()
{
    byte first;

    is_paused = 1;
    request(0, STATE, false);
    if
    :: is_paused = 0; request(0, STATE, false)
    :: true
    fi
}

/* Nothing can move: then all sleep, and have seen all, but where they are paused. */
proctype check()
{
    byte v;

    timeout;
    do
    :: v < VCPUS ->
       assert(IS_PAUSED(v) || !changed[v] && !hvip[v] && !is_owed[v]);
       assert(is_blocked[v] || !IS_PAUSED(v) && len(ready) == 1 && is_ready[v]);
       v++
    :: else -> break
    od;
    assert(mail == NOBODY && (!timer_on || is_paused))
}

init
{
    atomic {
        ready!0;
        ready!1;
        is_ready[0] = 1;
        is_ready[1] = 1;
        run home();
#ifdef WITHOUT_FENCE
        run store_buffer();
#endif
#ifdef TIMED
        run asker_of_one();
        timer_on = 1;
        run clock();
#elif defined(PAUSED)
        run asker_of_one();
        run pauser();
#else
        run asker_of_one();
        run asker_of_both();
#endif
        run check()
    }
}
