"""Hadamard matrices: which PSU of each pair a balanced half sample takes.

Orders come from Sylvester's doubling of Paley's two constructions over primes; for most numbers of
strata the next multiple of 4 is among them.

Source: Paley (1933), Journal of Mathematics and Physics 12, 311-320; Plackett & Burman (1946),
Biometrika 33, 305-325.
"""

import numpy as np
import numpy.typing as npt

Signs = npt.NDArray[np.int8]


def hadamard(least: int) -> Signs:
    """Return a Hadamard matrix of the smallest known order of at least `least`.

    Entries are 1 and -1; the first row and column are 1, so every other column has as many of one
    as of the other.
    """
    order = max(1, least)
    while (made := _of_order(order)) is None:
        order += 1
    made = made * made[0]
    normalised: Signs = made * made[:, :1]
    return normalised


def _of_order(order: int) -> Signs | None:
    if order <= 2:
        return np.array([[1, 1], [1, -1]], dtype=np.int8)[:order, :order]
    if order % 4:
        return None
    if _prime(order - 1):  # order - 1 is 3 modulo 4
        return _paley_one(order - 1)
    if order % 2 == 0 and _prime(order // 2 - 1) and (order // 2 - 1) % 4 == 1:
        return _paley_two(order // 2 - 1)
    half = _of_order(order // 2)
    if half is None:
        return None
    return np.block([[half, half], [half, -half]]).astype(np.int8)


def _paley_one(prime: int) -> Signs:
    made = np.ones((prime + 1, prime + 1), dtype=np.int8)
    made[1:, 0] = -1
    made[1:, 1:] = _residues(prime) + np.eye(prime, dtype=np.int8)
    return made


def _paley_two(prime: int) -> Signs:
    conference = np.ones((prime + 1, prime + 1), dtype=np.int8)
    conference[0, 0] = 0
    conference[1:, 1:] = _residues(prime)
    whole = np.array([[1, 1], [1, -1]], dtype=np.int8)
    diagonal = np.array([[1, -1], [-1, -1]], dtype=np.int8)
    return np.kron(conference, whole) + np.kron(np.eye(prime + 1, dtype=np.int8), diagonal)


def _residues(prime: int) -> Signs:
    """1 where the difference of row and column is a square modulo the prime, -1 where not."""
    sign = -np.ones(prime, dtype=np.int8)
    sign[np.arange(1, prime, dtype=np.int64) ** 2 % prime] = 1
    sign[0] = 0
    number = np.arange(prime)
    found: Signs = sign[(number[:, None] - number) % prime]
    return found


def _prime(number: int) -> bool:
    return number > 1 and all(number % k for k in range(2, int(number**0.5) + 1))
