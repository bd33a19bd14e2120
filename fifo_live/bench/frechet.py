"""The Frechet distance between two sets of features (arXiv 1706.08500, eq. 6), here those of the classifier.

Shapes: N pictures or clips, D features.
"""

import torch
from torch import Tensor


def frechet_distance(one_ND: Tensor, other_ND: Tensor) -> float:
    """Return |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of two sets, as if each were normally distributed.

    Few samples make it too large; so compare it only with distances between sets of the same sizes.
    """
    mean_D, cov_DD = _moments(one_ND)
    other_mean_D, other_cov_DD = _moments(other_ND)
    root_DD = _root(cov_DD)
    # The eigenvalues of C1 C2 are those of the symmetric C1^(1/2) C2 C1^(1/2).
    cross = torch.linalg.eigvalsh(root_DD @ other_cov_DD @ root_DD).clamp(min=0).sqrt().sum()
    spread = cov_DD.trace() + other_cov_DD.trace() - 2 * cross
    return max(0.0, float((mean_D - other_mean_D).square().sum() + spread))


def _moments(x_ND: Tensor) -> tuple[Tensor, Tensor]:
    x_ND = x_ND.double()
    return x_ND.mean(0), x_ND.T.cov().reshape(x_ND.shape[1], -1)


def _root(cov_DD: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(cov_DD)
    root: Tensor = vectors * values.clamp(min=0).sqrt() @ vectors.T
    return root
