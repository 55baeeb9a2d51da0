#!/usr/bin/env bash
# CleanCLIP on CC3M with 5, 10 and 25 poisoned pairs left among the 100,000 cleaning pairs.
# usage: scripts/paper/poisoned_cleaning_cc3m.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc3m_poisoned_cleaning)
shows=(figures/scatter figures/by_left_in tables/best)
published=(cleaning_plot_data_CC3M_pretrained_1500_cleaned_100k_poisoned.json cleaning_plot_data_CC3M_pretrained_1500.json)
reproduce "$@"
