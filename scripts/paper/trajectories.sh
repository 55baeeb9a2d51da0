#!/usr/bin/env bash
# The path of each cleaning run on CC6M, accuracy against ASR epoch by epoch: over learning rates, SSL weights and 20 or 100 epochs.
# usage: scripts/paper/trajectories.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_mmcl_vs_ssl cc6m_ssl_weight cc6m_longer_cleaning)
shows=(figures/trajectories together/tables/rules)
reproduce "$@"
