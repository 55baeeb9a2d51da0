#!/usr/bin/env bash
# Shrink and perturb before CleanCLIP for the MMCL+SSL model of CC6M.
# usage: scripts/paper/shrink_and_perturb.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_shrink_and_perturb)
shows=(figures/scatter)
reproduce "$@"
