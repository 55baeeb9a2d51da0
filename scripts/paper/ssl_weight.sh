#!/usr/bin/env bash
# CleanCLIP with an SSL term of weight 1, 2, 4, 6 and 8 for the MMCL+SSL model of CC6M.
# usage: scripts/paper/ssl_weight.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_ssl_weight)
shows=(figures/scatter figures/by_ssl_weight)
reproduce "$@"
