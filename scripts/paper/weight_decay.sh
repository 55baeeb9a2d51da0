#!/usr/bin/env bash
# Heavy regularisation: CleanCLIP with a weight decay of 0.2 to 100 for the MMCL+SSL model of CC6M,
# as the paper ran it (where 0.1 took its place) and really applied.
# usage: scripts/paper/weight_decay.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_weight_decay)
shows=(figures/scatter figures/by_weight_decay)
reproduce "$@"
