#!/usr/bin/env bash
# CleanCLIP against the warped trigger on CC6M.
# usage: scripts/paper/warped.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_warped)
shows=(figures/scatter)
reproduce "$@"
