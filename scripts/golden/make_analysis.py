"""Golden values of projections and ranks, from scikit-learn. Usage: python make_analysis.py"""

import json
import pathlib

import numpy as np
from scipy.spatial.distance import squareform
from sklearn.decomposition import PCA
from sklearn.manifold import _t_sne
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import euclidean_distances

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "analysis.json"
PERPLEXITY = 5


def main():
    random = np.random.default_rng(7)
    points = np.round(random.normal(size=(20, 6)) * np.array([3, 2, 1.5, 1, 0.5, 0.2]), 3)
    layout = np.round(random.normal(size=(20, 2)), 3)
    model = PCA(3, svd_solver="full").fit(points)
    axes = model.components_
    axes = axes * np.sign(axes[np.arange(3), np.abs(axes).argmax(1)])[:, None]
    joint = _t_sne._joint_probabilities(euclidean_distances(points, squared=True), PERPLEXITY, 0)
    divergence, gradient = _t_sne._kl_divergence(layout.ravel(), joint, 1, len(points), 2)
    positives, negatives = np.round(random.normal(0.7, 1, 11), 1), np.round(random.normal(0, 1, 17), 1)
    auroc = roc_auc_score([1] * 11 + [0] * 17, np.concatenate([positives, negatives]))
    values = {
        "points": points.tolist(), "axes": axes.tolist(), "scores": ((points - points.mean(0)) @ axes.T).tolist(),
        "share": model.explained_variance_ratio_.tolist(), "perplexity": PERPLEXITY,
        "joint": squareform(joint).tolist(), "layout": layout.tolist(), "divergence": float(divergence),
        "gradient": gradient.reshape(-1, 2).tolist(), "positives": positives.tolist(), "negatives": negatives.tolist(),
        "auroc": float(auroc),
    }
    rounded = json.loads(json.dumps(values), parse_float=lambda text: float(f"{float(text):.9g}"))
    OUT.write_text(json.dumps(rounded, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
