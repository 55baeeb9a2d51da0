#!/usr/bin/env bash
# CleanCLIP on CC6M with a vision transformer instead of the ResNet.
# usage: scripts/paper/vit.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_vit_s16)
shows=(figures/scatter)
reproduce "$@"
