#!/usr/bin/env bash
# Beyond the paper's figures: its code's SigLIP objective on CC3M and CC6M, alone and with SSL, then CleanCLIP.
# usage: scripts/paper/siglip.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc3m_siglip cc6m_siglip)
shows=(figures/scatter together/figures/pareto)
reproduce "$@"
