#!/usr/bin/env bash
# CleanCLIP against label-consistent poison on CC6M: the trigger on pictures whose own caption names the target.
# usage: scripts/paper/label_consistent.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_label_consistent)
shows=(figures/scatter)
reproduce "$@"
