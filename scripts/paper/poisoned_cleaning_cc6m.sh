#!/usr/bin/env bash
# CleanCLIP on CC6M with 0 to 25 poisoned pairs left among the 100,000 cleaning pairs.
# usage: scripts/paper/poisoned_cleaning_cc6m.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_poisoned_cleaning)
shows=(figures/scatter figures/by_left_in tables/best)
published=(cleaning_plot_data_CC6M_pretrained_3000_cleaned_100k_poisoned.json cleaning_plot_data_CC6M_pretrained_3000.json)
reproduce "$@"
