#!/usr/bin/env bash
# The main result on CC3M: models pre-trained with MMCL and with MMCL+SSL, cleaned with MMCL, with SSL and with both (CleanCLIP);
# accuracy against ASR, and the highest accuracy at an ASR of at most 5 %.
# usage: scripts/paper/main_cc3m.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc3m_mmcl_vs_ssl)
shows=(figures/scatter tables/best)
published=(cleaning_plot_data_CC3M_pretrained_1500.json)
reproduce "$@"
