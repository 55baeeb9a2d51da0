#!/usr/bin/env bash
# When to stop cleaning on CC6M: the path of each epoch, cleaning once more from epoch 10, and what each rule of choice would have chosen.
# usage: scripts/paper/stopping.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_stopping)
shows=(figures/trajectories tables/rules)
reproduce "$@"
