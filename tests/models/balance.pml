/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No hart sleeps without work while another one has a vCPU that waits for its turn: the signs of
 * sched/balance.c. Run by scripts/check_models; migrate.pml has what moving does to a vCPU.
 *
 * Two harts and a few vCPUs, which are only counted, may run on both, and wake and block at any
 * time. No slice ends, so that nothing is put right by the next tick; nor does a hart look who is
 * further ahead (find_ahead).
 *
 * Each WITHOUT_... takes one step away or puts it in another place; then the check must fail.
 */
#define HARTS  2
#define WAKES  3 /* vCPUs that wake */
#define BLOCKS 2 /* how often one of them blocks again */

byte count[HARTS];                     /* hart->ready_count */
byte mail[HARTS];                      /* vCPUs in it */
bit ssip[HARTS];
bit is_idle[HARTS]; byte sign[HARTS];  /* hart->sign */
byte idle_count;
byte wakes = WAKES, blocks = BLOCKS;
bit is_asleep[HARTS];

#define OTHER(h) (1 - (h))

/* sched/balance.c, claim. The caller has `was_idle`. */
inline claim(h)
{
    if
    :: is_idle[h] ->
       atomic { was_idle = is_idle[h]; is_idle[h] = 0 }
       if
       :: was_idle -> idle_count--
       :: else
       fi
    :: else -> was_idle = 0
    fi
}

/* sched/balance.c, balance_seek */
inline seek(h)
{
#ifdef WITHOUT_SIGN_FIRST
    busy = sign[OTHER(h)];
#endif
    sign[h] = 0;
    if
    :: !is_idle[h] -> idle_count++; is_idle[h] = 1
    :: else
    fi;
#ifndef WITHOUT_SIGN_FIRST
    busy = sign[OTHER(h)];
#endif
#ifndef WITHOUT_CALL
    if
    :: busy > 1 -> ssip[OTHER(h)] = 1
    :: else
    fi;
#endif
    busy = 0
}

/* sched/balance.c, balance_offer; sched/queue.c, balance: one is given, if the other is idle */
inline offer(h)
{
#ifndef WITHOUT_COUNT_FIRST
    sign[h] = count[h];
#endif
    claim(h);
    if
    :: count[h] > 1 && idle_count > 0 ->
#ifdef WITHOUT_COUNT_FIRST
       sign[h] = count[h];
#endif
       claim(OTHER(h));
       if
       :: was_idle ->
          count[h]--;
          mail[OTHER(h)]++;
#ifndef WITHOUT_KICK
          ssip[OTHER(h)] = 1;
#endif
          sign[h] = count[h]
       :: else
       fi
    :: else ->
#ifdef WITHOUT_COUNT_FIRST
       sign[h] = count[h]
#endif
    fi;
    was_idle = 0
}

/* sched/run.c, run_forever; sched/queue.c, queue_pick */
proctype hart(bit h)
{
    bit was_idle;
    byte busy;

    do
    :: atomic { count[h] = count[h] + mail[h]; mail[h] = 0 }
       if
       :: count[h] == 0 ->
          seek(h);
          is_asleep[h] = 1;
end_idle:
          ssip[h];
          is_asleep[h] = 0
       :: else ->
          offer(h);
          /* The guest: until the hart is interrupted, or the vCPU blocks. */
end_guest:
          if
          :: ssip[h]
          :: atomic { blocks > 0 -> blocks--; count[h]-- }
          fi
       fi;
       ssip[h] = 0
    od
}

/* vCPUs of this home are called to it: vcpu/request.c, vcpu_request */
proctype waker(bit h)
{
end:
    do
    :: atomic { wakes > 0 -> wakes--; mail[h]++ }
       ssip[h] = 1
    od
}

/* Those that have not blocked by now do not. */
proctype end_of_blocks()
{
    blocks = 0
}

/* Nothing can move: then there is work on all harts, or on none more than one. */
proctype check()
{
    timeout;
    assert(mail[0] == 0 && mail[1] == 0);
    assert(!(is_asleep[0] && count[1] > 1) && !(is_asleep[1] && count[0] > 1))
}

init
{
    atomic {
        run hart(0);
        run hart(1);
        run waker(0);
        run waker(1);
        run end_of_blocks();
        run check()
    }
}
