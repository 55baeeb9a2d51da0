#!/usr/bin/env bash
# 20 and 100 epochs of CleanCLIP on CC6M.
# usage: scripts/paper/longer_cleaning.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_mmcl_vs_ssl cc6m_longer_cleaning)
shows=(figures/scatter figures/trajectories together/figures/pareto)
reproduce "$@"
