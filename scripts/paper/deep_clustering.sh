#!/usr/bin/env bash
# CleanCLIP with a deep-clustering term, by k-means and by labels of a stronger model, for the MMCL+SSL model of CC6M.
# usage: scripts/paper/deep_clustering.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_deep_clustering)
shows=(figures/scatter)
reproduce "$@"
