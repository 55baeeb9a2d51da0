#!/usr/bin/env bash
# CleanCLIP on CC6M with the target beaver, tested on Caltech-101 and CIFAR-100.
# usage: scripts/paper/beaver.sh [OPTION...] [-- OPTION OF theriac run...]
. "$(dirname "$0")/lib.sh"
experiments=(cc6m_beaver)
shows=(figures/scatter figures/scatter_cifar100)
reproduce "$@"
