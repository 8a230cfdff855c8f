/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lanes of a trace in the order in which people want them: the harts, then VM by VM its
 * vCPUs. Chrome's format calls them processes and threads.
 */

const HARTS = 1; /* the process that holds the harts */

function laneOf(key, labels) {
    const [pid, tid] = key.split(" ");
    const isHart = Number(pid) === HARTS;
    const label = (what, thread) => labels.get(`${what} ${pid} ${thread}`);
    const process = label("process_name", "") ?? label("process_name", "0");
    const order = label("process_sort_index", "") ?? label("process_sort_index", "0");
    return {
        key,
        isHart,
        owner: String(process?.name ?? (isHart ? "harts" : `process ${pid}`)),
        name: String(label("thread_name", tid)?.name ?? `${isHart ? "hart" : "vCPU"} ${tid}`),
        order: [
            isHart ? -1 : Number(order?.sort_index ?? pid),
            Number(pid),
            Number(label("thread_sort_index", tid)?.sort_index ?? tid),
            Number(tid),
        ],
    };
}

function compare(a, b) {
    const at = a.order.findIndex((value, place) => value !== b.order[place]);
    return at < 0 ? 0 : a.order[at] - b.order[at];
}

/*
 * Of lanes seen as "pid tid" and labels from "what pid tid" to the arguments of the metadata:
 * `lanes`, sorted, and `numbers`, from the old place of each to its new one.
 */
export function laneList(keys, labels) {
    const lanes = keys.map((key) => laneOf(key, labels)).sort(compare);
    const places = new Map(lanes.map((lane, place) => [lane.key, place]));
    const numbers = keys.map((key) => places.get(key));
    return { lanes: lanes.map(({ order, key, ...lane }) => lane), numbers };
}
