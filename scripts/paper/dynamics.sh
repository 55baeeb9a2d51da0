#!/usr/bin/env bash
# Accuracy and ASR over the epochs of pre-training on CC6M, with MMCL and with MMCL+SSL. Nothing is cleaned.
# usage: scripts/paper/dynamics.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_dynamics)
shows=(figures/dynamics)
toy_options=(--set pretrain.stop_after=2)
reproduce "$@"
