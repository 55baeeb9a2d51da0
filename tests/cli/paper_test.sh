#!/usr/bin/env bash
# Experiment files of the paper from end to end at the size of a toy: CSV and tar files, a best epoch, a pipeline that keeps the optimizer's state, k-means and given labels, a displacement field.
. "$(dirname "$0")/common.sh" "$1"
cd "$work"
root=$here/../..

expect_code 0 "$root/scripts/paper/smoke.sh" --build "$(dirname "$theriac")" --work "$work" \
  "$root"/configs/paper/{cc3m_mmcl_vs_ssl,cc6m_shrink_and_perturb,cc6m_deep_clustering,cc6m_warped}.yaml
for name in cc3m_mmcl_vs_ssl cc6m_shrink_and_perturb cc6m_deep_clustering cc6m_warped; do
  expect_code 0 "$theriac" report "runs/$name-smoke"
  expect_text out 'done' 'Best accuracy with ASR'
done
