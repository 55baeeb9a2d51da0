#!/usr/bin/env bash
# 100,000 and 200,000 cleaning pairs for the MMCL+SSL model of CC6M.
# usage: scripts/paper/cleaning_pairs.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_mmcl_vs_ssl cc6m_200k)
shows=(figures/scatter together/figures/pareto together/tables/rules)
published=(cleaning_plot_data_CC6M_pretrained_3000_cleaned_200k.json cleaning_plot_data_CC6M_pretrained_3000.json)
reproduce "$@"
