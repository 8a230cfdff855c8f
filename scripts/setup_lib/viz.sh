# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2154
#
# Part of scripts/setup: what the timeline page is made with and tested with, from npm, in
# the versions and with the check sums of viz/package-lock.json, which names no registry: npm asks
# the one that this machine is set up with.

viz=$cache/viz

# It appears whole, by a rename; a change of the lock file fetches it anew.
fetch_viz() {
    ! cmp -s "$here/../viz/package-lock.json" "$viz/package-lock.json" || return 0
    lock
    mkdir -p "$work/viz"
    cp "$here/../viz/package.json" "$here/../viz/package-lock.json" "$work/viz"
    say "fetching from npm:" \
        "$(sed -n 's|.*"node_modules/\(.*\)": {|\1|p' "$work/viz/package-lock.json" | xargs)"
    if ! (cd "$work/viz" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
        --cache "$work/npm" >>"$log" 2>&1 </dev/null 9>&-); then
        tail -n 20 "$log" >&2
        say "npm cannot fetch what the timeline page needs (whole log: $log)" >&2
        exit 3
    fi
    rm -rf "$viz"
    mv "$work/viz" "$viz"
    rm -rf "$work"
}
