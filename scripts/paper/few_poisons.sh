#!/usr/bin/env bash
# CleanCLIP on CC6M with 400 and 800 poisons instead of 3,000.
# usage: scripts/paper/few_poisons.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_400_poisons cc6m_800_poisons)
shows=(figures/scatter together/figures/pareto)
reproduce "$@"
