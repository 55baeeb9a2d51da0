#!/usr/bin/env bash
# A public model of 400 million pairs, poisoned with 1,500 and 5,000 of 500,000 pairs of CC3M, then cleaned.
# First, unless with --smoke: theriac import RN50.pt --out data/openai_rn50
# usage: scripts/paper/pretrained_400m.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(pretrained_400m)
shows=(figures/scatter tables/best)
reproduce "$@"
